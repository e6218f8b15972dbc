/** The panel of simulated people: who is there, who joins, who blocks, who comes by a link. */
import { act, addPerson } from "./api.js";
import { avatar, fullName } from "./avatar.js";
import { renderField } from "./dialogs.js";
import { h, languageOf } from "./dom.js";
import { icon } from "./icons.js";
import { currentLanguage, say } from "./words.js";

const languages = { km: "ខ្មែរ", en: "English" };

export class PeoplePanel {
  #root;
  #actions;
  #list = null;
  #tools = null;

  /** `actions` are open(id, startCode?), language(code), attempt(promise, {reload}), reset() and added(person). */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
  }

  /** Builds the panel anew, in the language in use. */
  build() {
    this.#list = h("ul", { class: "person-list" });
    this.#tools = h("div", { class: "people-tools" });
    this.#root.replaceChildren(
      this.#renderHead(),
      h("h3", { class: "section-title" }, say("people")),
      this.#list,
      this.#tools,
      this.#fold("add", say("addPerson"), this.#renderAddForm()),
      this.#fold("link", say("deepLink"), this.#renderLinkForm()),
      this.#fold("help", say("help"), h("ul", { class: "help" }, say("helpItems").map((item) => h("li", {}, item))), true),
    );
  }

  show(people, person) {
    this.#list.replaceChildren(...people.map((each) => h("li", {}, this.#renderPerson(each, each.id === person?.id))));
    this.#tools.replaceChildren(...(person ? [this.#renderTools(person)] : []));
    this.#root.querySelector(".link-form button").disabled = !person;
  }

  #renderHead() {
    const title = h("h2", {}, say("title"), h("small", {}, say("subtitle")));
    const choices = Object.keys(languages).map((code) => {
      const chosen = code === currentLanguage();
      const label = code === "km" ? "ខ្មែរ" : "EN";
      return h("button", { type: "button", lang: code, "aria-pressed": String(chosen), onclick: () => this.#actions.language(code) }, label);
    });
    return h("div", { class: "people-head" }, h("img", { src: "/page/icon.svg", alt: "" }), title, h("div", { class: "language", role: "group", "aria-label": say("languageLabel") }, choices));
  }

  #renderPerson(person, chosen) {
    const name = fullName(person);
    const detail = [languages[person.language_code] ?? person.language_code, person.started ? person.username && `@${person.username}` : say("notStarted")];
    return h(
      "button",
      { type: "button", class: "person", "aria-current": chosen ? "true" : null, onclick: () => this.#actions.open(person.id) },
      avatar(name, person.id),
      h(
        "span",
        { class: "person-text" },
        h("span", { class: "person-name", lang: languageOf(name) }, name),
        h("span", { class: "person-detail" }, detail.filter(Boolean).join(" · ")),
      ),
      person.blocked ? h("span", { class: "badge" }, say("blocked")) : null,
    );
  }

  #renderTools(person) {
    const kind = person.blocked ? "unblock" : "block";
    const toggle = () => this.#actions.attempt(act(person.id, kind), { reload: true });
    return h(
      "div",
      { class: "row" },
      h("button", { type: "button", class: `button ${person.blocked ? "" : "danger"}`, onclick: toggle }, icon(kind, 18), say(kind)),
      h("button", { type: "button", class: "button", onclick: () => this.#actions.reset(person) }, icon("reset", 18), say("reset")),
    );
  }

  #fold(mark, title, content, open = false) {
    const chevron = icon("down", 18);
    chevron.classList.add("chevron");
    return h("details", { class: "fold", name: "people-fold", open }, h("summary", {}, icon(mark, 20), title, chevron), h("div", { class: "fold-body" }, content));
  }

  #renderAddForm() {
    const fields = [
      { name: "first_name", label: `${say("firstName")} · ${say("required")}`, required: true, maxlength: 64 },
      { name: "last_name", label: say("lastName"), maxlength: 64 },
      { name: "language_code", label: say("phoneLanguage"), options: languages, value: currentLanguage() },
      { name: "phone_number", label: say("phoneNumber"), type: "tel" },
      { name: "username", label: say("username") },
    ];
    const form = h("form", { class: "dialog-fields" }, fields.map(renderField), h("button", { class: "button primary" }, say("add")));
    return onSubmit(form, async (values) => {
      const added = await this.#actions.attempt(addPerson(values));
      if (added) this.#actions.added(added);
    });
  }

  #renderLinkForm() {
    const form = h(
      "form",
      { class: "dialog-fields link-form" },
      h("p", {}, say("deepLinkText")),
      h("div", { class: "row" }, renderField({ name: "code", label: say("code"), required: true, maxlength: 64, pattern: "[A-Za-z0-9_\\-]+" }), h("button", { class: "button", style: { "align-self": "end" } }, say("open"))),
    );
    return onSubmit(form, ({ code }) => this.#actions.open(null, code));
  }
}

function onSubmit(form, handle) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== ""));
    form.reset();
    handle(values);
  });
  return form;
}
