/** What a message carries besides text: photo, voice, document, contact, location, sticker. */
import { fileAddress } from "./api.js";
import { avatar } from "./avatar.js";
import { showPicture } from "./dialogs.js";
import { h, languageOf } from "./dom.js";
import { icon } from "./icons.js";
import { say } from "./words.js";

const renderers = {
  photo: renderPhoto,
  voice: renderVoice,
  audio: renderVoice,
  document: renderDocument,
  contact: renderContact,
  location: renderLocation,
  sticker: renderSticker,
};

export function renderMedia(message) {
  const kind = Object.keys(renderers).find((name) => message[name]);
  if (kind) return renderers[kind](message[kind]);
  return message.text === undefined ? h("p", { class: "text" }, say("unsupported")) : null;
}

function renderPhoto(sizes) {
  const { file_id, width, height } = sizes.at(-1);
  const src = fileAddress(file_id);
  return h("button", { type: "button", class: "photo", onclick: () => showPicture(src) }, h("img", { src, alt: say("enlarge"), width, height }));
}

function renderDocument(file) {
  return h(
    "a",
    { class: "card", href: fileAddress(file.file_id), download: file.file_name ?? "" },
    h("span", { class: "card-icon" }, icon("document")),
    cardText(file.file_name ?? say("document"), sizeOf(file.file_size)),
  );
}

function renderContact(contact) {
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
  return h("div", { class: "card" }, avatar(name, contact.user_id ?? name.length), cardText(name, `+${contact.phone_number.replace(/^\+/, "")}`));
}

function cardText(title, detail) {
  return h(
    "span",
    { class: "card-text" },
    h("span", { class: "card-title", lang: languageOf(title) }, title),
    h("span", { class: "card-detail" }, detail),
  );
}

function sizeOf(bytes) {
  if (bytes === undefined) return "";
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function renderLocation({ latitude, longitude }) {
  return h(
    "figure",
    { class: "place" },
    h("div", { class: "place-view" }, icon("pin")),
    h("figcaption", {}, `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`),
  );
}

function renderSticker(sticker) {
  return h("img", { class: "sticker-face", src: "/page/sticker.svg", width: 120, height: 120, alt: `${say("sticker")} ${sticker.emoji ?? ""}` });
}

function renderVoice(voice) {
  const sound = new Audio();
  sound.preload = "none";
  sound.src = fileAddress(voice.file_id);
  const play = h("button", { type: "button", class: "voice-play", "aria-label": say("playVoice"), "aria-pressed": "false" }, icon("play"));
  const show = (playing) => {
    play.setAttribute("aria-pressed", String(playing));
    play.replaceChildren(icon(playing ? "pause" : "play"));
  };
  play.addEventListener("click", () => (sound.paused ? sound.play().catch(() => show(false)) : sound.pause()));
  for (const [event, playing] of [["play", true], ["pause", false], ["ended", false]]) sound.addEventListener(event, () => show(playing));
  return h("div", { class: "voice" }, play, renderWave(voice.file_id), h("span", { class: "card-detail" }, duration(voice.duration)));
}

function renderWave(seed) {
  let state = [...seed].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 9973, 7);
  const bars = Array.from({ length: 26 }, () => {
    state = (state * 137 + 71) % 9973;
    return h("i", { style: { "--peak": 18 + (state % 82) } });
  });
  return h("span", { class: "wave", "aria-hidden": "true" }, bars);
}

function duration(seconds = 0) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
