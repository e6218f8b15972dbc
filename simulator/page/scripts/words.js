/** The page's own words in Khmer and English, and the language in use. */
const khmer = {
  ribbon: "នេះជា Telegram សម្រាប់សាកល្បង មិនមានមនុស្សពិតទេ",
  ribbonShort: "គ្មានមនុស្សពិតទេ",
  title: "Telegram សាកល្បង",
  subtitle: "ដំណើរការតែក្នុងម៉ាស៊ីននេះ",
  languageLabel: "ភាសានៃទំព័រនេះ",
  phone: "ទូរស័ព្ទ",
  log: "សារក្នុងការជជែក",
  latest: "ទៅសារចុងក្រោយ",
  people: "បុគ្គលសាកល្បង",
  openPeople: "បើកបញ្ជីបុគ្គលសាកល្បង",
  closePeople: "បិទបញ្ជី",
  addPerson: "បន្ថែមបុគ្គល",
  add: "បន្ថែម",
  firstName: "នាម",
  lastName: "គោត្តនាម (បើមាន)",
  username: "ឈ្មោះក្នុង Telegram (បើមាន)",
  phoneLanguage: "ភាសាក្នុងទូរស័ព្ទ",
  phoneNumber: "លេខទូរស័ព្ទ (បើមាន)",
  required: "ត្រូវបំពេញ",
  blocked: "បានទប់ស្កាត់",
  notStarted: "មិនទាន់ចាប់ផ្តើម",
  block: "ទប់ស្កាត់ bot",
  unblock: "ឈប់ទប់ស្កាត់",
  reset: "ចាប់ផ្តើមជាថ្មី",
  resetTitle: "ចាប់ផ្តើមជាថ្មីឬទេ?",
  resetText: "បុគ្គលថ្មីម្នាក់ដែលមានឈ្មោះដដែល និងលេខទូរស័ព្ទថ្មី នឹងបើកការជជែកទទេ។ ការជជែកចាស់នៅដដែល។",
  deepLink: "ចូលតាមតំណ",
  deepLinkText: "បុគ្គលនេះចុចតំណដែលមានលេខកូដ ដូចជាតំណលើផ្ទាំងប៉ាណូ ឬ QR។",
  code: "លេខកូដ",
  open: "បើក",
  help: "ជំនួយ",
  helpItems: [
    "បន្ថែមបុគ្គលម្នាក់ រួចចុច «ចាប់ផ្តើម» ក្នុងទូរស័ព្ទ។",
    "Enter ផ្ញើសារ · Shift+Enter ចុះបន្ទាត់ · Esc បិទបង្អួច។",
    "ចុចស្តាំ ឬចុចឱ្យយូរលើសាររបស់ខ្លួន ដើម្បីកែ ឬលុប។",
    "អ្វីៗទាំងអស់នៅក្នុងម៉ាស៊ីននេះ មិនផ្ញើទៅ Telegram ពិតទេ។",
  ],
  nobody: "មិនទាន់មានបុគ្គលសាកល្បងទេ",
  nobodyText: "សូមបន្ថែមបុគ្គលប្រឌិតម្នាក់ ដើម្បីសាកល្បងជជែកជាមួយ bot។",
  quickAdd: "បន្ថែម {name} រួចចាប់ផ្តើម",
  start: "ចាប់ផ្តើម",
  startedBot: "បានចាប់ផ្តើម bot",
  aboutBot: "bot នេះអាចធ្វើអ្វីបាន?",
  bot: "bot",
  typing: "កំពុងសរសេរ…",
  botAway: "bot មិនទាន់ដំណើរការ",
  connecting: "កំពុងភ្ជាប់…",
  menu: "ម៉ឺនុយ",
  message: "សារ",
  send: "ផ្ញើ",
  attach: "ភ្ជាប់រូប ឯកសារ ទីតាំង…",
  showKeyboard: "បង្ហាញក្តារចុច",
  hideKeyboard: "លាក់ក្តារចុច",
  replyKeyboard: "ក្តារចុចរបស់ bot",
  buttonsOf: "ប៊ូតុងក្រោមសារ",
  photo: "រូបភាព",
  enlarge: "រូបភាព ចុចដើម្បីមើលធំ",
  download: "ទាញយក",
  photoSample: "រូបភាពគំរូ",
  documentSample: "ឯកសារគំរូ",
  fromDevice: "ជ្រើសរើសពីម៉ាស៊ីន",
  document: "ឯកសារ",
  voice: "សារសំឡេង",
  playVoice: "ចាក់សារជាសំឡេង",
  location: "ទីតាំង",
  ownContact: "លេខរបស់ខ្ញុំ",
  otherContact: "លេខអ្នកដទៃ",
  sticker: "ស្ទីកគ័រ",
  forward: "បញ្ជូនបន្ត",
  forwardedFrom: "បញ្ជូនបន្តពី {name}",
  forwardText: "អត្ថបទសារ",
  forwardSample: "នេះជាសារដែលបញ្ជូនបន្ត។",
  shareTitle: "ផ្ញើលេខទូរស័ព្ទរបស់លោកអ្នកឬទេ?",
  shareText: "bot «{bot}» នឹងឃើញលេខទូរស័ព្ទរបស់លោកអ្នក។",
  share: "ផ្ញើលេខ",
  chooseLocation: "ជ្រើសរើសទីតាំង",
  typedLocation: "វាយរយៈទទឹង និងរយៈបណ្តោយ",
  latitude: "រយៈទទឹង",
  longitude: "រយៈបណ្តោយ",
  edited: "បានកែ",
  silent: "សារគ្មានសំឡេងរោទ៍",
  messageMenu: "ជម្រើសសម្រាប់សារនេះ",
  edit: "កែ",
  editing: "កំពុងកែសារ",
  delete: "លុប",
  copy: "ចម្លង",
  copied: "បានចម្លង",
  copyThis: "ចម្លង {text}",
  spoiler: "អត្ថបទលាក់ ចុចដើម្បីមើល",
  cancel: "បោះបង់",
  close: "បិទ",
  save: "រក្សាទុក",
  unsupported: "សារប្រភេទនេះ មិនអាចបង្ហាញបានទេ",
  failed: "មិនបានសម្រេច៖ {reason}",
  you: "លោកអ្នក",
  from: "{name} ម៉ោង {time}",
};

const english = {
  ribbon: "a simulated Telegram; nobody here is real",
  ribbonShort: "nobody here is real",
  title: "Simulated Telegram",
  subtitle: "on this computer only",
  languageLabel: "Language of this page",
  phone: "Phone",
  log: "Messages of this chat",
  latest: "Go to the latest message",
  people: "People",
  openPeople: "Open the list of people",
  closePeople: "Close the list",
  addPerson: "Add a person",
  add: "Add",
  firstName: "First name",
  lastName: "Last name (optional)",
  username: "Telegram username (optional)",
  phoneLanguage: "Language of their phone",
  phoneNumber: "Phone number (optional)",
  required: "required",
  blocked: "blocked the bot",
  notStarted: "not started yet",
  block: "Block the bot",
  unblock: "Unblock",
  reset: "Start afresh",
  resetTitle: "Start afresh?",
  resetText: "A new person with the same name and a new number opens an empty chat. The old chat stays.",
  deepLink: "Come by a link",
  deepLinkText: "This person opens a link that carries a code, as on a poster or a QR code.",
  code: "Code",
  open: "Open",
  help: "Help",
  helpItems: [
    "Add a person, then press Start in the phone.",
    "Enter sends · Shift+Enter makes a new line · Esc closes a window.",
    "Right-click or long-press your own message to edit or delete it.",
    "Everything stays on this computer; nothing goes to the real Telegram.",
  ],
  nobody: "Nobody here yet",
  nobodyText: "Add an invented person to try the chat with the bot.",
  quickAdd: "Add {name} and begin",
  start: "Start",
  startedBot: "started the bot",
  aboutBot: "What can this bot do?",
  bot: "bot",
  typing: "typing…",
  botAway: "the bot is not running",
  connecting: "connecting…",
  menu: "Menu",
  message: "Message",
  send: "Send",
  attach: "Attach a photo, document, location…",
  showKeyboard: "Show the bot's keyboard",
  hideKeyboard: "Hide the bot's keyboard",
  replyKeyboard: "The bot's keyboard",
  buttonsOf: "Buttons of this message",
  photo: "Photo",
  enlarge: "Photo, press to enlarge",
  download: "Download",
  photoSample: "Sample photo",
  documentSample: "Sample document",
  fromDevice: "Choose a file",
  document: "Document",
  voice: "Voice",
  playVoice: "Play the voice message",
  location: "Location",
  ownContact: "My number",
  otherContact: "Somebody's number",
  sticker: "Sticker",
  forward: "Forward",
  forwardedFrom: "Forwarded from {name}",
  forwardText: "Text of the message",
  forwardSample: "This is a forwarded message.",
  shareTitle: "Share your number with the bot?",
  shareText: "The bot “{bot}” will see your phone number.",
  share: "Share",
  chooseLocation: "Choose a location",
  typedLocation: "Type latitude and longitude",
  latitude: "Latitude",
  longitude: "Longitude",
  edited: "edited",
  silent: "sent silently",
  messageMenu: "Options for this message",
  edit: "Edit",
  editing: "Editing a message",
  delete: "Delete",
  copy: "Copy",
  copied: "Copied",
  copyThis: "Copy {text}",
  spoiler: "Hidden text, press to show",
  cancel: "Cancel",
  close: "Close",
  save: "Save",
  unsupported: "This kind of message cannot be shown",
  failed: "That did not work: {reason}",
  you: "You",
  from: "{name} at {time}",
};

const catalogues = { km: khmer, en: english };
let language = "km";

export function currentLanguage() {
  return language;
}

export function useLanguage(code) {
  language = code in catalogues ? code : "km";
  document.documentElement.lang = language;
}

export function say(key, values = {}) {
  const text = catalogues[language][key];
  return typeof text === "string" ? text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "") : text;
}

/** What a bot says in the language in use, from its words by language ("" is for everybody else). */
export function choose(byLanguage = {}) {
  return byLanguage[language] ?? byLanguage[""];
}

/** Fills elements that name their words in `data-word` (text) or `data-label` (accessible name). */
export function fillWords(root) {
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(element.dataset.label));
}

const zone = "Asia/Phnom_Penh";
const zoneOffsetSeconds = 7 * 3600;
const times = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
const englishDays = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: zone });
const khmerMonths = "មករា កុម្ភៈ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ".split(" ");
const khmerDigits = "០១២៣៤៥៦៧៨៩";

export function timeOf(seconds) {
  return times.format(seconds * 1000);
}

/** Names a day; Khmer is written here, for not every browser knows it. */
export function dayOf(seconds) {
  if (language !== "km") return englishDays.format(seconds * 1000);
  const moment = new Date((seconds + zoneOffsetSeconds) * 1000);
  const day = String(moment.getUTCDate()).replace(/\d/g, (digit) => khmerDigits[digit]);
  return `ថ្ងៃទី${day} ខែ${khmerMonths[moment.getUTCMonth()]}`;
}

/** Numbers the days in Cambodia, to tell whether two moments fall on the same one. */
export function dayNumberOf(seconds) {
  return Math.floor((seconds + zoneOffsetSeconds) / 86_400);
}
