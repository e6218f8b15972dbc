/** Draws one message of the chat. */
import { fullName } from "./avatar.js";
import { h, languageOf } from "./dom.js";
import { renderText } from "./entities.js";
import { icon } from "./icons.js";
import { renderInlineKeys } from "./keys.js";
import { renderMedia } from "./media.js";
import { dayOf, say, timeOf } from "./words.js";

/** `actions` are tap(message, data), command(text) and menu(message). */
export function renderMessage(message, actions, botName) {
  const name = message.from_bot ? botName : say("you");
  const row = h("article", {
    class: `message ${message.from_bot ? "in" : "out"}`,
    id: `message-${message.message_id}`,
    tabindex: "-1",
    "aria-label": say("from", { name, time: timeOf(message.date) }),
  });
  row.append(h("p", { class: "day", hidden: true }, dayOf(message.date)));
  row.append(isStart(message) ? renderStart(message) : renderLine(message, actions));
  row.classList.toggle("started", isStart(message));
  row.classList.toggle("sticker", Boolean(message.sticker));
  row.classList.toggle("wide", Boolean(message.reply_markup?.inline_keyboard));
  return row;
}

function isStart(message) {
  return !message.from_bot && /^\/start(@\w+)?(\s|$)/.test(message.text ?? "");
}

function renderStart(message) {
  return h("p", { class: "pill-button" }, icon("start", 16), h("span", {}, `${message.text} · ${say("startedBot")}`), renderMeta(message));
}

function renderLine(message, actions) {
  const stack = h("div", { class: "stack" }, renderBubble(message, actions));
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (rows.length > 0) stack.append(renderInlineKeys(rows, (data) => actions.tap(message, data)));
  const line = h("div", { class: "line" }, stack);
  if (!message.from_bot) line.append(renderMenuButton(message, actions));
  return line;
}

function renderMenuButton(message, actions) {
  return h("button", { type: "button", class: "icon-button message-menu", "aria-label": say("messageMenu"), "aria-haspopup": "dialog", onclick: () => actions.menu(message) }, icon("more", 18));
}

function renderBubble(message, actions) {
  const text = message.text ?? message.caption;
  const bubble = h("div", { class: "bubble" }, renderOrigin(message.forward_origin), renderQuote(message.reply_to_message), renderMedia(message));
  if (text !== undefined) {
    const entities = message.entities ?? message.caption_entities;
    bubble.append(h("div", { class: "text", lang: languageOf(text) }, renderText(text, entities, actions.command)));
  }
  bubble.append(renderMeta(message));
  bubble.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    actions.menu(message);
  });
  return bubble;
}

function renderOrigin(origin) {
  if (!origin) return null;
  const name = origin.sender_user ? fullName(origin.sender_user) : (origin.sender_user_name ?? origin.chat?.title ?? "");
  return h("p", { class: "origin" }, say("forwardedFrom", { name }));
}

function renderQuote(quoted) {
  if (!quoted) return null;
  const text = quoted.text ?? quoted.caption ?? "…";
  return h("p", { class: "quote", lang: languageOf(text) }, text);
}

function renderMeta(message) {
  const silent = icon("silent");
  silent.setAttribute("role", "img");
  silent.setAttribute("aria-label", say("silent"));
  silent.removeAttribute("aria-hidden");
  return h(
    "span",
    { class: "meta" },
    message.silent ? silent : null,
    message.edit_date && !message.from_bot ? h("span", {}, say("edited")) : null,
    h("time", { datetime: new Date(message.date * 1000).toISOString() }, timeOf(message.date)),
    message.from_bot || isStart(message) ? null : icon("sent"),
  );
}
