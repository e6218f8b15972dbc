/** The page's address: `#/people/ID?lang=en&start=CODE` names the person, the language and a deep link. */
export function readAddress() {
  const [, personId, query] = /^#\/people\/(\d+)(?:\?(.*))?$/.exec(location.hash) ?? [];
  const values = new URLSearchParams(query ?? location.hash.split("?")[1] ?? "");
  return {
    personId: personId ? Number(personId) : null,
    language: values.get("lang") === "en" ? "en" : "km",
    startCode: values.get("start"),
  };
}

export function writeAddress({ personId, language, startCode }) {
  const values = new URLSearchParams();
  if (language === "en") values.set("lang", "en");
  if (startCode) values.set("start", startCode);
  const query = values.size > 0 ? `?${values}` : "";
  location.hash = personId ? `#/people/${personId}${query}` : `#/${query}`;
}
