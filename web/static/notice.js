// Writing a notice: counts the characters of a text and what is chosen in a fold, puts a placeholder where one writes, ticks that
// sending begins at a time once one is chosen, and asks before what is not saved is left.
// A browser that does not know Khmer may still know its digits, and German, which also parts thousands by points.
const digits = new Intl.NumberFormat(document.documentElement.lang === "km" ? ["km-u-nu-khmr", "de-u-nu-khmr"] : "en");
let written = document.querySelector("textarea[data-counted]");

function count(field) {
  const line = document.getElementById(field.dataset.counted);
  const { length } = field.value;
  line.querySelector("output").textContent = `${digits.format(length)} / ${digits.format(Number(field.dataset.most))}`;
  line.classList.toggle("counter--over", length > Number(field.dataset.most));
}

for (const field of document.querySelectorAll("[data-counted]")) {
  count(field);
  field.addEventListener("input", () => count(field));
  if (field.matches("textarea")) field.addEventListener("focus", () => { written = field; });
}

for (const button of document.querySelectorAll("[data-inserts]")) {
  button.addEventListener("click", () => {
    written.setRangeText(button.dataset.inserts, written.selectionStart, written.selectionEnd, "end");
    written.focus();
    count(written);
  });
}

const start = document.getElementById("starts_at");
const now = document.querySelector("[name=when][value=now]");
start.addEventListener("input", () => {
  if (start.value) document.querySelector("[name=when][value=at]").checked = true;
});
now.addEventListener("change", () => { start.value = ""; });

const editor = document.getElementById("editor");

function isChosen(field) {
  return field.matches("[type=checkbox]") ? field.checked : field.value !== "";
}

// Says in the summary of a fold how much in it is chosen.
function showChosen(fold) {
  const shown = fold.querySelector(":scope > summary [data-chosen]");
  if (!shown) return;
  const { length } = [...fold.querySelectorAll("input, select")].filter(isChosen);
  shown.textContent = length ? `· ${shown.dataset.chosen.replace("#", digits.format(length))}` : "";
}

editor.querySelectorAll(".fold").forEach(showChosen);
editor.addEventListener("input", (event) => {
  for (let fold = event.target.closest(".fold"); fold; fold = fold.parentElement.closest(".fold")) showChosen(fold);
});

let isSending = false;

// What the browser brings back after "Back" differs from what the page came with, and so counts.
function isChanged(field) {
  if (field.matches("select")) {
    const chosen = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(chosen, 0);
  }
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  return field.matches("input, textarea") && field.value !== field.defaultValue;
}

function isUnsaved() {
  return "unsaved" in editor.dataset || [...editor.elements].some(isChanged);
}

editor.addEventListener("submit", () => { isSending = true; });
window.addEventListener("pageshow", () => { isSending = false; });
window.addEventListener("beforeunload", (event) => {
  if (!isSending && isUnsaved()) event.preventDefault();
});
