/** Calls to the simulated server. */
async function call(path, options) {
  const response = await fetch(`/api/${path}`, options);
  if (response.ok) return response.status === 204 ? null : response.json();
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.description ?? problem.error ?? `${response.status} ${response.statusText}`);
}

function post(path, body) {
  return call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

export const getBot = () => call("bot");
export const listPeople = () => call("people");
export const addPerson = (fields) => post("people", fields);
export const getChat = (personId) => call(`people/${personId}/messages`);
export const act = (personId, kind, body = {}) => post(`people/${personId}/${kind}`, body);
export const fileAddress = (fileId) => `/api/files/${encodeURIComponent(fileId)}`;

export function upload(personId, kind, file) {
  const form = new FormData();
  form.append("file", file, file.name);
  return call(`people/${personId}/${kind}`, { method: "POST", body: form });
}
