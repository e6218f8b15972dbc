/** Links to this very bot, which Telegram opens in the chat instead of a browser. */
const hosts = ["t.me", "telegram.me"];

/** The start code in a link to the bot ("" if it has none), or null if it leads elsewhere. */
export function readDeepLink(address, username) {
  const url = new URL(address);
  const name = url.protocol === "tg:" ? url.searchParams.get("domain") : hosts.includes(url.hostname) ? url.pathname.replaceAll("/", "") : null;
  return name?.toLowerCase() === username.toLowerCase() ? (url.searchParams.get("start") ?? "") : null;
}
