/** What a person can send besides text, and the small questions this takes. */
import { act, upload } from "./api.js";
import { avatar, fullName } from "./avatar.js";
import { askFields, chooseOne, confirmAction } from "./dialogs.js";
import { h } from "./dom.js";
import { places } from "./places.js";
import { currentLanguage, say } from "./words.js";

/** The attach menu: label, icon, and what it does for `person`. */
export const attachments = [
  { label: "photo", icon: "photo", send: (person) => sendFile(person, "photo", "photoSample", "image/*") },
  { label: "document", icon: "document", send: (person) => sendFile(person, "document", "documentSample", "*/*") },
  { label: "voice", icon: "voice", send: (person) => act(person.id, "voice") },
  { label: "location", icon: "location", send: (person) => sendLocation(person) },
  { label: "ownContact", icon: "contact", send: (person, bot) => shareOwnContact(person, bot) },
  { label: "otherContact", icon: "card", send: (person) => sendOtherContact(person) },
  { label: "sticker", icon: "sticker", send: (person) => act(person.id, "sticker") },
  { label: "forward", icon: "forward", send: (person) => sendForward(person) },
];

/** Asks as Telegram does before the person's own number is shared; resolves to whether it was. */
export async function shareOwnContact(person, bot) {
  const name = fullName(person);
  const number = person.phone_number ? `+${person.phone_number.replace(/^\+/, "")}` : "";
  const subject = h("div", { class: "subject" }, avatar(name, person.id), h("span", {}, h("b", {}, name), h("br"), number));
  const agreed = await confirmAction({ title: say("shareTitle"), text: say("shareText", { bot: bot.first_name }), accept: say("share"), subject });
  if (agreed) await act(person.id, "contact");
  return Boolean(agreed);
}

/** Resolves to whether a location was sent. */
export async function sendLocation(person) {
  const choices = places.map((place) => ({ label: place[currentLanguage()], detail: `${place.latitude}, ${place.longitude}`, icon: "location", value: place }));
  const typed = { label: say("typedLocation"), icon: "edit", value: "typed" };
  const chosen = await chooseOne(say("chooseLocation"), [...choices, typed]);
  const place = chosen === "typed" ? await askCoordinates() : chosen;
  if (place) await act(person.id, "location", { latitude: Number(place.latitude), longitude: Number(place.longitude) });
  return Boolean(place);
}

function askCoordinates() {
  const field = (name, limit) => ({ name, label: say(name), type: "number", step: "any", min: -limit, max: limit, required: true });
  return askFields(say("typedLocation"), [field("latitude", 90), field("longitude", 180)], say("send"));
}

async function sendOtherContact(person) {
  const fields = [
    { name: "first_name", label: say("firstName"), value: currentLanguage() === "km" ? "ចាន់ថា" : "Chantha", required: true },
    { name: "phone_number", label: say("phoneNumber"), type: "tel", value: "85512000111", required: true },
  ];
  const contact = await askFields(say("otherContact"), fields, say("send"));
  if (contact) await act(person.id, "contact", contact);
}

async function sendForward(person) {
  const fields = [{ name: "text", label: say("forwardText"), value: say("forwardSample"), rows: 3, required: true }];
  const message = await askFields(say("forward"), fields, say("send"));
  if (message) await act(person.id, "forward", message);
}

async function sendFile(person, kind, sampleLabel, accept) {
  const choices = [
    { label: say(sampleLabel), icon: kind, value: "sample" },
    { label: say("fromDevice"), icon: "upload", value: "device" },
  ];
  const chosen = await chooseOne(say(kind), choices);
  if (chosen === "sample") await act(person.id, kind);
  const file = chosen === "device" ? await chooseFile(accept) : null;
  if (file) await upload(person.id, kind, file);
}

function chooseFile(accept) {
  return new Promise((resolve) => {
    const input = h("input", { type: "file", accept });
    input.addEventListener("change", () => resolve(input.files[0]));
    input.addEventListener("cancel", () => resolve(null));
    input.click();
  });
}
