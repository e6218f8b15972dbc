/** Rows of buttons: under a message (inline) and instead of the phone's keyboard (reply). */
import { copyText, h, languageOf } from "./dom.js";
import { toast } from "./dialogs.js";
import { icon } from "./icons.js";
import { say } from "./words.js";

const busyLimitSeconds = 30;
const startsWithPicture = /^\p{Extended_Pictographic}/u;

/** `onTap(data)` resolves when the bot has answered the tap. */
export function renderInlineKeys(rows, onTap) {
  return h("div", { class: "keys", role: "group", "aria-label": say("buttonsOf") }, rows.map((row) => renderRow(row, (button) => inlineKey(button, onTap))));
}

export function renderReplyKeys(markup, onPress) {
  const keyboard = h("div", { class: "reply-keys", role: "group", "aria-label": say("replyKeyboard") });
  if (!markup.resize_keyboard) keyboard.classList.add("tall");
  keyboard.append(...markup.keyboard.map((row) => renderRow(row, (button) => replyKey(button, onPress))));
  return keyboard;
}

function renderRow(buttons, render) {
  return h("div", { class: "keys-row" }, buttons.map(render));
}

function inlineKey(button, onTap) {
  if (button.url) {
    return h("a", { ...look(button), href: button.url, target: "_blank", rel: "noopener noreferrer", style: { "text-decoration": "none" } }, h("span", {}, button.text), corner("external"));
  }
  if (button.copy_text) {
    const copy = async () => {
      await copyText(button.copy_text.text);
      toast(say("copied"));
    };
    return h("button", { ...look(button), type: "button", onclick: copy }, h("span", {}, button.text), corner("copy"));
  }
  const key = h("button", { ...look(button), type: "button" }, h("span", {}, button.text));
  key.addEventListener("click", () => tapOnce(key, () => onTap(button.callback_data)));
  return key;
}

async function tapOnce(key, tap) {
  if (key.getAttribute("aria-busy") === "true") return;
  key.setAttribute("aria-busy", "true");
  const limit = new Promise((resolve) => setTimeout(resolve, busyLimitSeconds * 1000));
  await Promise.race([tap(), limit]).finally(() => key.removeAttribute("aria-busy"));
}

function replyKey(button, onPress) {
  const kind = button.request_contact ? "contact" : button.request_location ? "location" : null;
  const mark = kind && !startsWithPicture.test(button.text) ? icon(kind, 20) : null;
  return h("button", { ...look(button), type: "button", "data-shares": kind, onclick: () => onPress(button) }, mark, h("span", {}, button.text));
}

function look({ text, style }) {
  return { class: style ? `key ${style}` : "key", lang: languageOf(text) };
}

function corner(name) {
  const mark = icon(name, 12);
  mark.classList.add("corner");
  return mark;
}
