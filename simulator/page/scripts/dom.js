/** Builds elements: `h("button", {class: "key", onclick}, "text", child)`. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) setProperty(element, name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

function setProperty(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "style") for (const [key, part] of Object.entries(value)) element.style.setProperty(key, part);
  else element.setAttribute(name, value === true ? "" : value);
}

/** The language that most of a text is written in, as far as fonts and line breaks care. */
export function languageOf(text) {
  return count(text, /\p{Script=Khmer}/gu) > count(text, /\p{Script=Latin}/gu) ? "km" : "en";
}

function count(text, pattern) {
  return (text ?? "").match(pattern)?.length ?? 0;
}

export async function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = h("textarea", { class: "visually-hidden" });
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
