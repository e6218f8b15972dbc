// Writing a notice: counts the characters of a text, puts a placeholder where one writes, and ticks
// that sending begins at a time once one is chosen.
const digits = new Intl.NumberFormat(document.documentElement.lang === "km" ? "km-u-nu-khmr" : "en");
let written = document.querySelector("[data-counted]");

function count(field) {
  const line = document.getElementById(field.dataset.counted);
  const { length } = field.value;
  line.querySelector("output").textContent = `${digits.format(length)} / ${digits.format(Number(field.dataset.most))}`;
  line.classList.toggle("counter--over", length > Number(field.dataset.most));
}

for (const field of document.querySelectorAll("[data-counted]")) {
  count(field);
  field.addEventListener("input", () => count(field));
  field.addEventListener("focus", () => { written = field; });
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
