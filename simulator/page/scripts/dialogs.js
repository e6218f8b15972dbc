/** Dialogs over the phone's screen, and short notices. */
import { h, languageOf } from "./dom.js";
import { icon } from "./icons.js";
import { say } from "./words.js";

/** Keeps dialogs, which the browser draws above everything, within the phone's screen. */
export function keepDialogsWithin(screen) {
  const place = () => {
    const inner = screen.getBoundingClientRect();
    const border = screen.clientLeft;
    const values = { x: inner.left + border, y: inner.top + border, width: screen.clientWidth, height: screen.clientHeight };
    for (const [name, value] of Object.entries(values)) document.documentElement.style.setProperty(`--screen-${name}`, `${value}px`);
    const radius = Math.max(parseFloat(getComputedStyle(screen).borderTopLeftRadius) - border, 0);
    document.documentElement.style.setProperty("--screen-radius", `${radius}px`);
  };
  new ResizeObserver(place).observe(screen);
  window.addEventListener("resize", place);
  place();
}

function open(title, content, look = null) {
  return new Promise((resolve) => {
    let answer = null;
    const finish = (value) => {
      answer = value;
      dialog.close();
    };
    const heading = h("h2", { id: "dialog-title" }, title);
    const card = h("div", { class: "dialog-card" }, heading, content(finish));
    const dialog = h("dialog", { class: look, "aria-labelledby": "dialog-title" }, card);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
    dialog.showModal();
  });
}

function button(label, look, onclick) {
  return h("button", { type: "button", class: `button ${look}`, onclick }, label);
}

export function showAlert(title, text) {
  return open(title, (finish) => [
    h("p", { lang: languageOf(text) }, text),
    h("div", { class: "dialog-actions" }, button(say("close"), "quiet", () => finish(true))),
  ]);
}

/** Shows a picture as large as the window allows. */
export function showPicture(src) {
  const content = (finish) => [
    h("img", { src, alt: say("photo") }),
    h("div", { class: "dialog-actions" }, h("a", { class: "button quiet", href: src, download: "photo", style: { "text-decoration": "none" } }, say("download")), button(say("close"), "quiet", () => finish(true))),
  ];
  return open(say("photo"), content, "picture");
}

/** Resolves to true when accepted. */
export function confirmAction({ title, text, accept, subject = null, danger = false }) {
  return open(title, (finish) => [
    subject,
    h("p", {}, text),
    h("div", { class: "dialog-actions" }, button(say("cancel"), "quiet", () => finish(false)), button(accept, danger ? "danger" : "primary", () => finish(true))),
  ]);
}

/** Offers choices {label, detail?, icon, value, danger?}; resolves to the value chosen, or null. */
export function chooseOne(title, choices) {
  const row = (choice, finish) =>
    h(
      "button",
      { type: "button", class: `choice${choice.danger ? " danger" : ""}`, onclick: () => finish(choice.value) },
      icon(choice.icon),
      h("span", {}, choice.label, choice.detail ? h("small", {}, choice.detail) : null),
    );
  return open(title, (finish) => choices.map((choice) => row(choice, finish)), "bottom");
}

/** Asks for fields {name, label, value?, type?, required?, options?, rows?}; resolves to their values, or null. */
export function askFields(title, fields, accept) {
  return open(title, (finish) => {
    const form = h(
      "form",
      { class: "dialog-fields" },
      fields.map(renderField),
      h("div", { class: "dialog-actions" }, button(say("cancel"), "quiet", () => finish(null)), h("button", { class: "button primary" }, accept)),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      finish(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== "")));
    });
    return form;
  });
}

export function renderField({ name, label, value = "", type = "text", required = false, options = null, rows = null, ...rest }) {
  const attributes = { name, required, autocomplete: "off", ...rest };
  const control = options ? h("select", attributes, Object.entries(options).map(([code, text]) => h("option", { value: code, lang: code }, text))) : h(rows ? "textarea" : "input", rows ? { ...attributes, rows } : { ...attributes, type });
  control.value = value || control.value;
  return h("label", { class: "field" }, h("span", {}, label), control);
}

export function toast(text, { bad = false } = {}) {
  const note = h("div", { class: bad ? "toast bad" : "toast", lang: languageOf(text) }, text);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), bad ? 6000 : 3200);
}
