// An act that opens is ready to be filled in: its first field has the focus, Escape closes it.
document.addEventListener(
  "toggle",
  (event) => {
    const act = event.target;
    if (!act.matches(".act") || !act.open) return;
    act.querySelector("input:not([type=hidden]), select, textarea, button")?.focus({ preventScroll: true });
    act.scrollIntoView({ block: "nearest" });
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const act = event.key === "Escape" && event.target instanceof Element && event.target.closest(".act[open]");
  if (!act) return;
  act.open = false;
  act.querySelector("summary").focus();
});
