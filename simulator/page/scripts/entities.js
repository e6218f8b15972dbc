/** Turns a Telegram text and its entities into elements. */
import { copyText, h } from "./dom.js";
import { toast } from "./dialogs.js";
import { say } from "./words.js";

const plainTags = { bold: "b", italic: "i", underline: "u", strikethrough: "s", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote" };

/** `onCommand` is called with a bot command that the person presses in the text. */
export function renderText(text, entities = [], onCommand = () => {}) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return renderSpan(text, 0, text.length, sorted, onCommand);
}

function renderSpan(text, start, end, entities, onCommand) {
  const nodes = [];
  let position = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const stop = Math.min(entity.offset + entity.length, end);
    const inner = [];
    for (index += 1; index < entities.length && entities[index].offset < stop; index += 1) inner.push(entities[index]);
    nodes.push(...findLinks(text.slice(position, entity.offset), onCommand));
    nodes.push(renderEntity(entity, text, stop, inner, onCommand));
    position = stop;
  }
  nodes.push(...findLinks(text.slice(position, end), onCommand));
  return nodes;
}

function renderEntity(entity, text, stop, inner, onCommand) {
  const raw = text.slice(entity.offset, stop);
  if (entity.type === "code") return copyable(raw);
  if (entity.type === "bot_command") return command(raw, onCommand);
  if (["url", "text_link", "email", "phone_number"].includes(entity.type)) return link(address(entity, raw), raw);
  const children = renderSpan(text, entity.offset, stop, inner, onCommand);
  if (entity.type === "spoiler") return spoiler(children);
  return h(plainTags[entity.type] ?? "span", {}, children);
}

function address(entity, raw) {
  if (entity.type === "text_link") return entity.url;
  if (entity.type === "email") return `mailto:${raw}`;
  if (entity.type === "phone_number") return `tel:${raw.replace(/\s/g, "")}`;
  return /^[a-z]+:/i.test(raw) ? raw : `https://${raw}`;
}

function link(href, label) {
  const safe = /^(https?|mailto|tel|tg):/i.test(href);
  return safe ? h("a", { href, target: "_blank", rel: "noopener noreferrer" }, label) : h("span", {}, label);
}

function command(raw, onCommand) {
  return h("button", { type: "button", class: "linkish", onclick: () => onCommand(raw) }, raw);
}

function copyable(raw) {
  async function copy() {
    await copyText(raw);
    toast(say("copied"));
  }
  return h("button", { type: "button", class: "copy", "aria-label": say("copyThis", { text: raw }), onclick: copy }, h("span", {}, raw));
}

function spoiler(children) {
  const cover = h("button", { type: "button", class: "spoiler", "aria-expanded": "false", "aria-label": say("spoiler") }, children);
  cover.addEventListener("click", () => {
    cover.setAttribute("aria-expanded", "true");
    cover.removeAttribute("aria-label");
  });
  return cover;
}

const linkPattern = /(?:https?:\/\/|(?<![\w.\/])t\.me\/)[^\s<>«»"។៕៖]*[^\s<>«»"។៕៖.,;:!?)]|(?<![\w/])\/[a-z][a-z0-9_]{0,31}(?![\w/])/gi;

function findLinks(text, onCommand) {
  const nodes = [];
  let position = 0;
  for (const match of text.matchAll(linkPattern)) {
    nodes.push(text.slice(position, match.index));
    nodes.push(match[0].startsWith("/") ? command(match[0], onCommand) : link(/^https?:/i.test(match[0]) ? match[0] : `https://${match[0]}`, match[0]));
    position = match.index + match[0].length;
  }
  nodes.push(text.slice(position));
  return nodes.filter((node) => node !== "");
}
