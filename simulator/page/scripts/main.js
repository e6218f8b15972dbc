/** Opens the page: one person's chat, followed live, beside the panel of people. */
import * as api from "./api.js";
import { fillAvatar, fullName } from "./avatar.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { chooseOne, confirmAction, keepDialogsWithin, showAlert, toast } from "./dialogs.js";
import { copyText, h, languageOf } from "./dom.js";
import { icon, statusIcons } from "./icons.js";
import { readDeepLink } from "./links.js";
import { PeoplePanel } from "./people.js";
import { readAddress, writeAddress } from "./address.js";
import { follow } from "./stream.js";
import { Taps } from "./taps.js";
import { currentLanguage, fillWords, say, timeOf, useLanguage } from "./words.js";

const typingSeconds = 5;
const find = (id) => document.getElementById(id);

const state = { bot: null, people: [], person: null, startCode: null, replyKeyboard: null, online: false, botAway: false, typing: null };
const taps = new Taps();
let stopFollowing = () => {};
/** The person whose chat is shown; 0 for nobody, null until the page knows. */
let shown = null;
let readings = 0;
let held = [];

const chat = new Chat(find("log"), find("latest"), {
  tap: async (message, data) => {
    const result = await attempt(api.act(state.person.id, "tap", { message_id: message.message_id, data }));
    if (result) await taps.wait(result.callback_query_id);
  },
  command: (text) => attempt(api.act(state.person.id, "text", { text })),
  menu: openMessageMenu,
});
const composer = new Composer(find("dock"), attempt);
const panel = new PeoplePanel(find("people"), {
  open: (id, startCode = null) => openPerson(id ?? state.person.id, startCode),
  language: (language) => writeAddress({ ...readAddress(), language }),
  added: (person) => openPerson(person.id),
  reset: startAfresh,
  attempt,
});

function openPerson(id, startCode = null) {
  closePeople();
  writeAddress({ ...readAddress(), personId: id, startCode });
}

/** Shows what went wrong, if anything; resolves to what the promise gave, or to false. */
async function attempt(promise, { reload = false } = {}) {
  try {
    const result = await promise;
    if (reload) await forgetStartCode();
    return result ?? true;
  } catch (error) {
    toast(say("failed", { reason: error.message }), { bad: true });
    return false;
  }
}

async function forgetStartCode() {
  writeAddress({ ...readAddress(), startCode: null });
  state.startCode = null;
  await refresh();
}

async function startAfresh(person) {
  const agreed = await confirmAction({ title: say("resetTitle"), text: say("resetText"), accept: say("reset") });
  if (!agreed) return;
  const { first_name, last_name, language_code } = person;
  const fields = Object.entries({ first_name, last_name, language_code }).filter(([, value]) => value);
  const added = await attempt(api.addPerson(Object.fromEntries(fields)));
  if (added) openPerson(added.id);
}

async function openMessageMenu(message) {
  const text = message.text ?? message.caption;
  const own = !message.from_bot;
  const choices = [
    text && { label: say("copy"), icon: "copy", value: "copy" },
    own && message.text && !message.forward_origin && { label: say("edit"), icon: "edit", value: "edit" },
    own && { label: say("delete"), icon: "delete", value: "delete", danger: true },
  ].filter(Boolean);
  const chosen = choices.length > 0 ? await chooseOne(say("messageMenu"), choices) : null;
  if (chosen === "copy") await copyText(text).then(() => toast(say("copied")));
  if (chosen === "edit") composer.edit(message);
  if (chosen === "delete") await attempt(api.act(state.person.id, "delete", { message_id: message.message_id }));
}

/** Does at once what Telegram does after a link to the bot and a press on "Start". */
function followDeepLink(event) {
  const link = event.target.closest("a[href]");
  const code = link && state.person ? readDeepLink(link.href, state.bot.username) : null;
  if (code === null) return;
  event.preventDefault();
  if (code) attempt(api.act(state.person.id, "start", { payload: code }));
}

const handlers = {
  message: ({ message }) => {
    chat.put(message);
    if (message.from_bot) setTyping(false);
  },
  edited: ({ message }) => chat.put(message),
  deleted: ({ message_id }) => {
    chat.remove(message_id);
    composer.forget(message_id);
  },
  keyboard: ({ reply_keyboard }) => {
    state.replyKeyboard = reply_keyboard;
    composer.setKeyboard(reply_keyboard);
  },
  typing: () => setTyping(true),
  person: ({ person }) => takePerson(person),
  bot_state: ({ connected }) => takeBotState(connected),
  callback_answer: (answer) => {
    taps.answer(answer.callback_query_id);
    if (!answer.text) return;
    if (answer.show_alert) showAlert(state.bot.first_name, answer.text);
    else toast(answer.text);
  },
};

function takePerson(person) {
  if (JSON.stringify(person) === JSON.stringify(state.person)) return;
  state.person = person;
  state.people = state.people.map((each) => (each.id === person.id ? person : each));
  showPeople();
  showComposer();
}

function setTyping(typing) {
  clearTimeout(state.typing);
  state.typing = typing ? setTimeout(() => setTyping(false), typingSeconds * 1000) : null;
  showStatus();
}

function setOnline(online) {
  state.online = online;
  showStatus();
}

/** A bot that (re)started may have new words about itself. */
function takeBotState(connected) {
  const returned = state.botAway && connected;
  state.botAway = !connected;
  showStatus();
  if (returned) loadBot();
}

function currentStatus() {
  if (shown !== 0 && !state.online) return "connecting";
  if (state.typing) return "typing";
  return state.person && state.botAway ? "botAway" : "bot";
}

function showStatus() {
  const status = find("bot-status");
  const current = currentStatus();
  const text = say(current);
  if (status.textContent !== text) status.textContent = text;
  status.dataset.status = current;
}

function showBot() {
  const name = state.bot.first_name;
  find("bot-name").textContent = name;
  find("bot-name").lang = languageOf(name);
  fillAvatar(find("bot-avatar"), name, 0);
  document.title = `${name} · SPECIMEN`;
}

function showPeople() {
  panel.show(state.people, state.person);
  const chip = find("open-people");
  const name = state.person ? fullName(state.person) : "";
  chip.setAttribute("aria-label", state.person ? `${say("openPeople")} (${name})` : say("openPeople"));
  fillAvatar(find("person-avatar"), name || "?", state.person?.id ?? 0);
}

function showComposer() {
  composer.show(state);
}

async function loadBot() {
  state.bot = await api.getBot();
  showBot();
  showComposer();
}

/** Shows an event, or holds it while the chat is being read: what is read may be older than the event. */
function receive(event) {
  if (readings > 0) held.push(event);
  else handlers[event.type]?.(event);
}

/** Reads the whole chat; also after a reconnection, when events may have been missed. */
async function refresh() {
  readings += 1;
  try {
    showChat(await api.getChat(state.person.id));
  } finally {
    readings -= 1;
    if (readings === 0) held.splice(0).forEach(receive);
  }
}

function showChat({ person, messages, reply_keyboard, typing, bot_connected }) {
  if (state.person?.id !== person.id) return;
  state.replyKeyboard = reply_keyboard;
  takePerson(person);
  chat.show(messages, state.bot);
  showComposer();
  takeBotState(bot_connected);
  setTyping(Boolean(typing));
}

function followPerson(id) {
  const isCurrent = () => state.person?.id === id;
  held = [];
  return follow(id, {
    onOpen: async () => {
      await Promise.all([loadBot(), refresh()]).catch(() => {});
      if (isCurrent()) setOnline(true);
    },
    onEvent: receive,
    onLost: () => isCurrent() && setOnline(false),
  });
}

function showNobody() {
  const name = currentLanguage() === "km" ? { first_name: "សុខ ដារ៉ា" } : { first_name: "Dara", last_name: "Sok" };
  const add = async () => {
    const person = await attempt(api.addPerson({ ...name, language_code: currentLanguage() }));
    if (person) openPerson(person.id);
  };
  const button = h("button", { type: "button", class: "button primary", onclick: add }, icon("add", 18), say("quickAdd", { name: fullName(name) }));
  chat.clear();
  find("log").replaceChildren(h("div", { class: "welcome" }, h("h2", {}, say("nobody")), h("p", {}, say("nobodyText")), button));
}

async function choosePerson(personId) {
  state.people = await api.listPeople();
  const person = state.people.find((each) => each.id === personId) ?? state.people[0] ?? null;
  if (person && person.id !== personId) writeAddress({ ...readAddress(), personId: person.id });
  return person;
}

/** Makes the page agree with its address. */
async function route() {
  const { personId, language, startCode } = readAddress();
  const relabel = shown === null || language !== currentLanguage();
  useLanguage(language);
  const person = await choosePerson(personId);
  const changed = shown !== (person?.id ?? 0) || relabel;
  Object.assign(state, { person, startCode });
  if (relabel) {
    fillWords(document);
    panel.build();
  }
  showPeople();
  showComposer();
  if (!changed) return;
  shown = person?.id ?? 0;
  stopFollowing();
  chat.clear();
  setOnline(false);
  stopFollowing = person ? followPerson(person.id) : () => {};
  if (!person) showNobody();
}

const narrow = window.matchMedia("(max-width: 720px)");

function openPeople() {
  find("people").classList.add("open");
  find("scrim").hidden = false;
  find("open-people").setAttribute("aria-expanded", "true");
  document.querySelector(".phone").inert = true;
  find("people").querySelector("button").focus();
}

function closePeople() {
  const wasOpen = find("people").classList.contains("open");
  find("people").classList.remove("open");
  find("scrim").hidden = true;
  find("open-people").setAttribute("aria-expanded", "false");
  document.querySelector(".phone").inert = false;
  if (wasOpen) find("open-people").focus();
}

function showClock() {
  find("clock").textContent = timeOf(Date.now() / 1000);
}

async function begin() {
  for (const slot of document.querySelectorAll("[data-icon]")) {
    slot.append(slot.dataset.icon === "signals" ? statusIcons() : icon(slot.dataset.icon));
  }
  keepDialogsWithin(find("screen"));
  find("open-people").addEventListener("click", openPeople);
  find("scrim").addEventListener("click", closePeople);
  document.addEventListener("click", followDeepLink);
  document.addEventListener("keydown", (event) => event.key === "Escape" && closePeople());
  narrow.addEventListener("change", closePeople);
  window.addEventListener("hashchange", route);
  showClock();
  setInterval(showClock, 10_000);
  state.bot = await api.getBot();
  showBot();
  await route();
}

begin();
