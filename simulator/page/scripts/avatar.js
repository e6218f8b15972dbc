/** Round pictures with initials, coloured by the person's number. */
import { h, languageOf } from "./dom.js";

const hues = [
  ["#3d8ba3", "#14566b"],
  ["#b8763f", "#7d4719"],
  ["#5f9a5b", "#2f6630"],
  ["#a8658f", "#6f3159"],
  ["#6a7fc0", "#384a8c"],
  ["#a3564c", "#742a23"],
];

const graphemes = new Intl.Segmenter("km", { granularity: "grapheme" });

/** Two letters, or one in Khmer, whose letters are wide. */
function initialsOf(name) {
  const words = name.trim().split(/\s+/).slice(0, languageOf(name) === "km" ? 1 : 2);
  return words.map((word) => graphemes.segment(word)[Symbol.iterator]().next().value?.segment ?? "").join("");
}

export function paint(element, number) {
  const [light, deep] = hues[Math.abs(number) % hues.length];
  element.style.setProperty("--hue-light", light);
  element.style.setProperty("--hue-deep", deep);
}

export function fillAvatar(element, name, number) {
  element.textContent = initialsOf(name).toUpperCase();
  paint(element, number);
}

export function avatar(name, number, look = "") {
  const element = h("span", { class: `avatar ${look}`, "aria-hidden": "true" });
  fillAvatar(element, name, number);
  return element;
}

export function fullName(person) {
  return [person.first_name, person.last_name].filter(Boolean).join(" ");
}
