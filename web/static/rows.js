// Moving through the rows of a list: j and k or the arrows, Enter opens; g q goes to the queue.
const links = [...document.querySelectorAll("[data-rows] tbody a")];
const GO = { q: "/queue", a: "/applications" };
let isGoing = false;

function isElsewhere(event) {
  const isModified = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  return isModified || document.querySelector("dialog[open]") !== null
    || (event.target instanceof Element && event.target.closest("input, select, textarea, [contenteditable]") !== null);
}

function move(step) {
  if (links.length === 0) return;
  const now = links.indexOf(document.activeElement);
  const next = now < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(now + step, 0), links.length - 1);
  links[next].focus({ preventScroll: true });
  links[next].closest("tr").scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (isElsewhere(event)) return;
  const wasGoing = isGoing;
  isGoing = !wasGoing && event.key === "g";
  if (wasGoing && event.key in GO) {
    event.preventDefault();
    event.stopImmediatePropagation();
    location.assign(GO[event.key]);
    return;
  }
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  move(step);
}, { capture: true });
