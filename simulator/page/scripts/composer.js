/** The lower edge of the phone: start button, text field, menus and the bot's keyboard. */
import { act } from "./api.js";
import { attachments, sendLocation, shareOwnContact } from "./attachments.js";
import { paint } from "./avatar.js";
import { h, languageOf } from "./dom.js";
import { icon } from "./icons.js";
import { renderReplyKeys } from "./keys.js";
import { choose, say } from "./words.js";

export class Composer {
  #dock;
  #attempt;
  #bot = null;
  #person = null;
  #startCode = null;
  #markup = null;
  #keysOpen = false;
  #editing = null;
  #draft = "";
  #sheet = null;

  /** `attempt(promise)` shows the person what went wrong, if anything, and tells whether it went well. */
  constructor(dock, attempt) {
    this.#dock = dock;
    this.#attempt = attempt;
    dock.addEventListener("keydown", (event) => event.key === "Escape" && this.#escape());
    document.addEventListener("pointerdown", (event) => this.#sheet && !dock.contains(event.target) && this.#closeSheet());
  }

  show({ bot, person, startCode, replyKeyboard }) {
    if (person?.id !== this.#person?.id) {
      this.#draft = "";
      this.#editing = null;
    }
    [this.#bot, this.#person, this.#startCode] = [bot, person, startCode];
    this.setKeyboard(replyKeyboard);
  }

  setKeyboard(markup) {
    const changed = JSON.stringify(markup) !== JSON.stringify(this.#markup);
    this.#markup = markup;
    if (changed) this.#keysOpen = Boolean(markup);
    this.#render();
  }

  edit(message) {
    this.#editing = message;
    this.#draft = message.text;
    this.#render();
    this.#field?.focus();
  }

  /** Leaves editing when the message in hand is gone. */
  forget(messageId) {
    if (this.#editing?.message_id === messageId) this.#stopEditing();
  }

  get #field() {
    return this.#dock.querySelector("textarea");
  }

  #render() {
    const restoreFocus = this.#rememberFocus();
    const opened = this.#sheet?.button.dataset.sheet;
    this.#sheet = null;
    this.#dock.hidden = !this.#person;
    this.#dock.replaceChildren(...(this.#person ? this.#content() : []));
    this.#grow();
    if (opened) this.#dock.querySelector(`[data-sheet="${opened}"]`)?.click();
    restoreFocus();
  }

  /** Focus stays where it was, or at least in the dock; a button does not call up a touch keyboard. */
  #rememberFocus() {
    const focused = document.activeElement;
    if (!this.#dock.contains(focused)) return () => {};
    const caret = focused.selectionStart;
    return () => {
      const target = (caret === undefined ? null : this.#field) ?? this.#dock.querySelector("button");
      target?.focus();
      if (target === this.#field) target?.setSelectionRange(caret, caret);
    };
  }

  #content() {
    if (this.#person.blocked) return [this.#bigAction("unblock", () => act(this.#person.id, "unblock"))];
    if (!this.#person.started || this.#startCode !== null) return [this.#bigAction("start", () => act(this.#person.id, "start", this.#startCode ? { payload: this.#startCode } : {}))];
    return [this.#renderEditing(), this.#renderComposer(), this.#renderKeys()].filter(Boolean);
  }

  #bigAction(word, perform) {
    return h("button", { type: "button", class: "big-action", onclick: () => this.#attempt(perform(), { reload: true }) }, say(word));
  }

  #renderEditing() {
    if (!this.#editing) return null;
    const cancel = h("button", { type: "button", class: "icon-button", "aria-label": say("cancel"), onclick: () => this.#stopEditing() }, icon("close", 20));
    return h("div", { class: "editing" }, icon("edit"), h("div", {}, h("strong", {}, say("editing")), h("span", { lang: languageOf(this.#editing.text) }, this.#editing.text)), cancel);
  }

  #renderComposer() {
    const hint = this.#keysOpen && this.#markup?.input_field_placeholder;
    const field = h("textarea", { rows: 1, lang: "km", placeholder: hint || say("message"), "aria-label": say("message"), enterkeyhint: "send" });
    field.value = this.#draft;
    field.addEventListener("input", () => this.#typed());
    field.addEventListener("keydown", (event) => this.#pressed(event));
    const send = h("button", { type: "button", class: "icon-button send", "aria-label": say("send"), onclick: () => this.#sendAndStay() }, icon("send"));
    return h("div", { class: "composer" }, this.#renderMenuButton(), h("div", { class: "writing" }, field, this.#renderKeysToggle(), this.#renderAttachButton()), send);
  }

  #renderMenuButton() {
    const commands = choose(this.#bot?.commands) ?? [];
    if (commands.length === 0) return null;
    const items = commands.map(({ command, description }) =>
      h("button", { type: "button", class: "command", onclick: () => this.#sendText(`/${command}`) }, h("span", { lang: languageOf(description) }, description), h("span", {}, `/${command}`)),
    );
    return this.#sheetButton("menu", "menu-button", say("menu"), [icon("menu", 20), h("span", {}, say("menu"))], () => h("div", { class: "sheet commands" }, items));
  }

  #renderAttachButton() {
    return this.#sheetButton("attach", "icon-button", say("attach"), [icon("attach")], () => h("div", { class: "sheet attachments" }, attachments.map((item, index) => this.#renderAttachment(item, index))));
  }

  #renderAttachment(item, index) {
    const disc = h("span", { class: "disc" }, icon(item.icon, 24));
    paint(disc, index);
    const send = () => {
      this.#closeSheet();
      this.#attempt(item.send(this.#person, this.#bot));
    };
    return h("button", { type: "button", class: "attachment", onclick: send }, disc, say(item.label));
  }

  /** A button that opens a sheet; it stays open when the dock is drawn anew, as a message comes. */
  #sheetButton(name, look, label, content, build) {
    const button = h("button", { type: "button", class: look, "data-sheet": name, "aria-label": label, "aria-expanded": "false" }, content);
    button.addEventListener("click", () => {
      const wasOpen = button.getAttribute("aria-expanded") === "true";
      this.#closeSheet();
      if (!wasOpen) this.#openSheet(button, build());
    });
    return button;
  }

  #openSheet(button, element) {
    this.#sheet = { button, element };
    button.setAttribute("aria-expanded", "true");
    this.#dock.prepend(element);
    element.querySelector("button")?.focus();
  }

  #closeSheet() {
    if (!this.#sheet) return;
    const { button, element } = this.#sheet;
    this.#sheet = null;
    button.setAttribute("aria-expanded", "false");
    if (element.contains(document.activeElement)) button.focus();
    element.remove();
  }

  #escape() {
    if (this.#sheet) this.#closeSheet();
    else if (this.#editing) this.#stopEditing();
  }

  #renderKeysToggle() {
    if (!this.#markup) return null;
    const toggle = () => {
      this.#keysOpen = !this.#keysOpen;
      this.#render();
      this.#dock.querySelector(".keys-toggle").focus();
    };
    const label = say(this.#keysOpen ? "hideKeyboard" : "showKeyboard");
    return h("button", { type: "button", class: "icon-button keys-toggle", "aria-label": label, "aria-expanded": String(this.#keysOpen), onclick: toggle }, icon(this.#keysOpen ? "down" : "keyboard"));
  }

  #renderKeys() {
    if (!this.#markup || !this.#keysOpen) return null;
    return renderReplyKeys(this.#markup, (button) => this.#press(button));
  }

  async #press(button) {
    const sent = await this.#attempt(this.#perform(button));
    if (sent && this.#markup?.one_time_keyboard) {
      this.#keysOpen = false;
      this.#render();
    }
  }

  #perform(button) {
    if (button.request_contact) return shareOwnContact(this.#person, this.#bot);
    if (button.request_location) return sendLocation(this.#person);
    return act(this.#person.id, "text", { text: button.text }).then(() => true);
  }

  #typed() {
    this.#draft = this.#field.value;
    this.#grow();
  }

  #grow() {
    const field = this.#field;
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    const busy = this.#draft !== "" || this.#keysOpen;
    this.#dock.querySelector(".composer").classList.toggle("busy", busy);
    this.#dock.querySelector(".send").disabled = this.#draft.trim() === "";
  }

  #pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #sendAndStay() {
    this.#send();
    this.#field?.focus();
  }

  #send() {
    const text = this.#draft.trim();
    if (text === "") return;
    if (this.#editing) this.#saveEdit(text);
    else this.#sendText(text);
  }

  async #sendText(text) {
    this.#draft = "";
    this.#render();
    const sent = await this.#attempt(act(this.#person.id, "text", { text }).then(() => true));
    if (sent || this.#draft !== "") return;
    this.#draft = text;
    this.#render();
  }

  async #saveEdit(text) {
    const { message_id, text: before } = this.#editing;
    this.#stopEditing();
    if (text !== before) await this.#attempt(act(this.#person.id, "edit", { message_id, text }));
  }

  #stopEditing() {
    this.#editing = null;
    this.#draft = "";
    this.#render();
    this.#field?.focus();
  }
}
