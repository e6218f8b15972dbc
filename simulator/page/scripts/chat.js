/** The list of messages: kept in order, grouped, and scrolled like a messenger's. */
import { avatar } from "./avatar.js";
import { h, languageOf } from "./dom.js";
import { renderMessage } from "./message.js";
import { choose, dayNumberOf, say } from "./words.js";

const nearEndPixels = 120;

export class Chat {
  #log;
  #latest;
  #actions;
  #messages = new Map();
  #rows = new Map();
  #bot;

  constructor(log, latest, actions) {
    this.#log = log;
    this.#latest = latest;
    this.#actions = actions;
    log.addEventListener("scroll", () => (latest.hidden = this.#isNearEnd()));
    latest.addEventListener("click", () => this.#scrollToEnd("smooth"));
    new ResizeObserver(() => latest.hidden && this.#scrollToEnd()).observe(log);
    log.addEventListener("load", () => latest.hidden && this.#scrollToEnd(), true);
  }

  /** Makes the log show exactly these messages, leaving unchanged ones alone. */
  show(messages, bot) {
    this.#bot = bot;
    const wanted = new Set(messages.map((message) => message.message_id));
    for (const id of [...this.#messages.keys()]) if (!wanted.has(id)) this.#drop(id);
    for (const message of messages) this.#put(message);
    this.#arrange();
    this.#scrollTo(messages.at(-1));
  }

  clear() {
    this.#messages.clear();
    this.#rows.clear();
    this.#log.replaceChildren();
  }

  get(messageId) {
    return this.#messages.get(messageId);
  }

  put(message) {
    const follow = !message.from_bot || this.#isNearEnd();
    const isNew = !this.#messages.has(message.message_id);
    const row = this.#put(message);
    if (isNew) row?.classList.add("arriving");
    this.#arrange();
    if (follow) this.#scrollTo(isNew ? message : null);
    else this.#latest.hidden = this.#isNearEnd();
  }

  remove(messageId) {
    this.#drop(messageId);
    this.#arrange();
  }

  #put(message) {
    const id = message.message_id;
    const known = this.#messages.get(id);
    if (known && JSON.stringify(known) === JSON.stringify(message)) return null;
    const row = renderMessage(message, this.#actions, this.#bot.first_name);
    const old = this.#rows.get(id);
    if (old) replaceKeepingFocus(old, row);
    else this.#insert(id, row);
    this.#messages.set(id, message);
    this.#rows.set(id, row);
    return row;
  }

  #insert(id, row) {
    const later = [...this.#rows.keys()].filter((other) => other > id);
    this.#log.insertBefore(row, later.length > 0 ? this.#rows.get(Math.min(...later)) : null);
  }

  #drop(id) {
    const row = this.#rows.get(id);
    if (row?.contains(document.activeElement)) this.#log.focus({ preventScroll: true });
    row?.remove();
    this.#rows.delete(id);
    this.#messages.delete(id);
  }

  #arrange() {
    const ids = [...this.#messages.keys()].sort((a, b) => a - b);
    ids.forEach((id, index) => {
      const [before, message, after] = [index - 1, index, index + 1].map((at) => this.#messages.get(ids[at]));
      const row = this.#rows.get(id);
      row.querySelector(".day").hidden = before !== undefined && dayNumberOf(before.date) === dayNumberOf(message.date);
      row.classList.toggle("first", before?.from_bot !== message.from_bot);
      row.classList.toggle("last", after?.from_bot !== message.from_bot);
    });
    this.#showWelcome(ids.length === 0);
  }

  #showWelcome(empty) {
    this.#log.querySelector(".welcome")?.remove();
    if (!empty || !this.#bot) return;
    const text = choose(this.#bot.description) ?? choose(this.#bot.short_description) ?? "";
    this.#log.append(
      h("div", { class: "welcome" }, avatar(this.#bot.first_name, 0), h("h2", {}, say("aboutBot")), h("p", { lang: languageOf(text) }, text)),
    );
  }

  #isNearEnd() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < nearEndPixels;
  }

  /** Follows the end, but begins at the beginning of what is taller than the screen. */
  #scrollTo(message) {
    this.#scrollToEnd();
    const row = message?.from_bot ? this.#rows.get(message.message_id) : null;
    if (!row || row.offsetHeight <= this.#log.clientHeight) return;
    row.scrollIntoView({ block: "start", behavior: "instant" });
    this.#latest.hidden = this.#isNearEnd();
  }

  #scrollToEnd(behavior = "instant") {
    this.#log.scrollTo({ top: this.#log.scrollHeight, behavior });
    this.#latest.hidden = true;
  }
}

/** A keyboard user who pressed a button of the old message goes on from the new one. */
function replaceKeepingFocus(old, row) {
  const buttons = [...old.querySelectorAll("button, a")];
  const index = buttons.indexOf(document.activeElement);
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(row);
  if (!hadFocus) return;
  const same = [...row.querySelectorAll("button, a")];
  const target = same.length === buttons.length ? same[index] : row;
  (target ?? row).focus({ preventScroll: true });
}
