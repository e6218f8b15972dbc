// Keyboard shortcuts: `data-key` on a link or button is pressed, on a field focused; `?` lists them.
const dialog = document.getElementById("keys");

function isTyping(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]") !== null;
}

function isVisible(element) {
  return element.getClientRects().length > 0;
}

function findByKey(key) {
  return [...document.querySelectorAll("[data-key]")].find(
    (element) => element.dataset.key === key && !element.disabled && isVisible(element),
  );
}

function describe(element) {
  return element.dataset.keyLabel || element.getAttribute("aria-label") || element.textContent.trim();
}

function listKeys() {
  const list = dialog.querySelector("dl");
  list.replaceChildren();
  const add = (key, words) => {
    const term = document.createElement("dt");
    term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    list.append(term, Object.assign(document.createElement("dd"), { textContent: words }));
  };
  const shown = new Set();
  for (const element of document.querySelectorAll("[data-key]")) {
    if (!isVisible(element) || shown.has(element.dataset.key)) continue;
    shown.add(element.dataset.key);
    add(element.dataset.key, describe(element));
  }
  add("?", dialog.dataset.help);
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog.open) return;
  if (isTyping(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "?") {
    event.preventDefault();
    listKeys();
    return;
  }
  const element = findByKey(event.key);
  if (!element) return;
  event.preventDefault();
  if (element.matches("input, select, textarea")) element.focus();
  else element.click();
});
