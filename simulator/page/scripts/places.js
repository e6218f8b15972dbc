/** A few well-known places to send as a location. */
export const places = [
  { km: "ភ្នំពេញ · ផ្សារធំថ្មី", en: "Phnom Penh · Central Market", latitude: 11.5696, longitude: 104.921 },
  { km: "សៀមរាប · ផ្សារចាស់", en: "Siem Reap · Old Market", latitude: 13.3543, longitude: 103.855 },
  { km: "បាត់ដំបង · ផ្សារណាត់", en: "Battambang · Nat Market", latitude: 13.1027, longitude: 103.1985 },
  { km: "កំពង់ចាម · ក្រុងកំពង់ចាម", en: "Kampong Cham · town", latitude: 11.9934, longitude: 105.4635 },
  { km: "កំពត · ក្រុងកំពត", en: "Kampot · town", latitude: 10.6104, longitude: 104.181 },
  { km: "បន្ទាយមានជ័យ · ប៉ោយប៉ែត", en: "Banteay Meanchey · Poipet", latitude: 13.6573, longitude: 102.5635 },
];
