/** The page's own line icons, drawn on a 24 by 24 grid. */
const shapes = {
  people: '<circle cx="9" cy="8.5" r="3.3"/><path d="M2.8 19c.5-3.6 3-5.6 6.2-5.6s5.7 2 6.2 5.6M16 5.6a3.2 3.2 0 0 1 0 5.9M17.6 13.8c2.1.7 3.3 2.5 3.6 5.2"/>',
  add: '<path d="M12 5v14M5 12h14"/>',
  menu: '<path d="M4 7h16M4 12h16M4 17h10"/>',
  attach: '<path d="m19.5 11.5-7.6 7.6a4.7 4.7 0 0 1-6.7-6.7l8-8a3.2 3.2 0 0 1 4.5 4.5l-7.9 7.9a1.6 1.6 0 0 1-2.3-2.3l7.2-7.2"/>',
  send: '<path d="M4.5 12 3.2 4.6c-.1-.7.6-1.2 1.2-.9l15.9 7.4c.8.4.8 1.5 0 1.8L4.4 20.3c-.6.3-1.3-.2-1.2-.9zm0 0h7.5" fill="currentColor" fill-opacity=".18"/>',
  keyboard: '<rect x="2.8" y="6" width="18.4" height="12" rx="2.5"/><path d="M6.5 10h.01M10 10h.01M14 10h.01M17.5 10h.01M8 14.2h8"/>',
  down: '<path d="m6 9.5 6 6 6-6"/>',
  close: '<path d="m6 6 12 12M18 6 6 18"/>',
  more: '<path d="M12 5.5h.01M12 12h.01M12 18.5h.01" stroke-width="3"/>',
  edit: '<path d="M4 20l.9-4.2L16.2 4.5a1.8 1.8 0 0 1 2.6 0l.8.8a1.8 1.8 0 0 1 0 2.6L8.2 19.2zM14.5 6.3l3.3 3.3"/>',
  delete: '<path d="M4.5 6.5h15M9.5 6.5V4.6c0-.6.4-1 1-1h3c.6 0 1 .4 1 1v1.9M6.5 6.5l.8 12.3c.1.9.8 1.6 1.7 1.6h6c.9 0 1.6-.7 1.7-1.6l.8-12.3M10 10.5v6M14 10.5v6"/>',
  copy: '<rect x="8.5" y="8.5" width="11.5" height="11.5" rx="2.5"/><path d="M15.5 8.5V6.5A2.5 2.5 0 0 0 13 4H6.5A2.5 2.5 0 0 0 4 6.5V13a2.5 2.5 0 0 0 2.5 2.5h2"/>',
  photo: '<rect x="3.5" y="5" width="17" height="14" rx="2.8"/><circle cx="8.7" cy="10" r="1.6"/><path d="m4 17 4.8-4.3 3.4 2.9 3.6-3.9 4.7 4.6"/>',
  upload: '<path d="M12 16V5m0 0L7.5 9.5M12 5l4.5 4.5M4.5 16.5v1.2c0 1.3 1 2.3 2.3 2.3h10.4c1.3 0 2.3-1 2.3-2.3v-1.2"/>',
  document: '<path d="M13.5 3.5H7.8C6.5 3.5 5.5 4.5 5.5 5.8v12.4c0 1.3 1 2.3 2.3 2.3h8.4c1.3 0 2.3-1 2.3-2.3V8.5zm0 0v5h5M9 13h6M9 16.5h4"/>',
  voice: '<rect x="9" y="3.5" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v2.8"/>',
  location: '<path d="M12 21s7-6.3 7-11.5a7 7 0 0 0-14 0C5 14.7 12 21 12 21z"/><circle cx="12" cy="9.5" r="2.5"/>',
  pin: '<path d="M12 21.5s7.2-6.5 7.2-11.8a7.2 7.2 0 0 0-14.4 0c0 5.3 7.2 11.8 7.2 11.8z" fill="currentColor"/><circle cx="12" cy="9.6" r="2.6" fill="#fff" stroke="none"/>',
  contact: '<path d="M6.6 3.8 9 3.5l1.7 4.2-1.9 1.6a12 12 0 0 0 5.9 5.9l1.6-1.9 4.2 1.7-.3 2.4c-.2 1.7-1.6 2.9-3.3 2.8C9.7 19.7 4.3 14.3 3.8 7.1 3.7 5.4 4.9 4 6.6 3.8z"/>',
  card: '<rect x="3" y="5" width="18" height="14" rx="2.8"/><circle cx="8.7" cy="10.7" r="1.9"/><path d="M5.8 16c.4-1.7 1.5-2.6 2.9-2.6s2.5.9 2.9 2.6M14.5 10h3.5M14.5 13.5h3.5"/>',
  sticker: '<path d="M20.5 12.5a8.5 8.5 0 1 0-8 8c4.5-.5 7.5-3.5 8-8zm0 0h-4a4 4 0 0 0-4 4v4M8.5 10h.01M14.5 9.5h.01M8.5 13.7c.8 1 1.9 1.6 3 1.5"/>',
  forward: '<path d="M13.5 6.5 20 12l-6.5 5.5V14C8.8 13.8 6 15.3 4 18c.3-5.3 3.7-8.2 9.5-8.3z"/>',
  reply: '<path d="M10.5 6.5 4 12l6.5 5.5V14c4.7-.2 7.5 1.3 9.5 4-.3-5.3-3.7-8.2-9.5-8.3z"/>',
  play: '<path d="M8 5.5v13l10.5-6.5z" fill="currentColor"/>',
  pause: '<path d="M8.5 6v12M15.5 6v12" stroke-width="3"/>',
  link: '<path d="M9.8 14.2 14.2 9.8M8.2 11l-2.6 2.6a3.4 3.4 0 0 0 4.8 4.8L13 15.8M15.8 13l2.6-2.6a3.4 3.4 0 0 0-4.8-4.8L11 8.2"/>',
  external: '<path d="M8 16 17 7M9.5 7H17v7.5"/>',
  silent: '<path d="M6.3 9.5c.4-2.9 2.5-5 5.7-5 3.6 0 5.8 2.6 5.8 6v3.3l1.5 2.7H9M5.8 13v.8l-1.4 2.7h1.1M10 19.5c.5.7 1.2 1 2 1s1.5-.3 2-1M4 4l16 16"/>',
  block: '<circle cx="12" cy="12" r="8.5"/><path d="m6 6 12 12"/>',
  unblock: '<circle cx="12" cy="12" r="8.5"/><path d="m8 12.3 2.8 2.8L16 9.5"/>',
  reset: '<path d="M5 12a7 7 0 1 0 2.3-5.2M5 4.5v4h4"/>',
  help: '<circle cx="12" cy="12" r="8.5"/><path d="M9.6 9.7a2.5 2.5 0 1 1 3.5 2.3c-.8.4-1.1.9-1.1 1.7M12 16.7h.01"/>',
  sent: '<path d="m5.5 12.5 4.3 4.3 8.7-9.3"/>',
  start: '<path d="M8.5 6v12l9-6z"/>',
};

export function icon(name, size = 22) {
  const template = document.createElement("template");
  template.innerHTML =
    `<svg width="${size}" height="${size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" ` +
    `stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${shapes[name]}</svg>`;
  return template.content.firstChild;
}

/** Draws the phone's status icons: signal, wireless and battery. */
export function statusIcons() {
  const template = document.createElement("template");
  template.innerHTML =
    '<svg width="62" height="14" viewBox="0 0 62 14" fill="currentColor" aria-hidden="true">' +
    '<rect x="0" y="8.5" width="3" height="4.5" rx="1"/><rect x="4.6" y="6" width="3" height="7" rx="1"/>' +
    '<rect x="9.2" y="3.5" width="3" height="9.5" rx="1"/><rect x="13.8" y="1" width="3" height="12" rx="1"/>' +
    '<path d="M28 12.8 25.6 10a3.7 3.7 0 0 1 4.8 0zM23.6 7.8a6.7 6.7 0 0 1 8.8 0l-1.2 1.4a4.9 4.9 0 0 0-6.4 0zM21.4 5.2a10.2 10.2 0 0 1 13.2 0l-1.2 1.4a8.3 8.3 0 0 0-10.8 0z"/>' +
    '<rect x="38.6" y="1.6" width="19.8" height="10.8" rx="3.2" fill="none" stroke="currentColor" stroke-width="1.2" opacity=".6"/>' +
    '<rect x="40.3" y="3.3" width="13" height="7.4" rx="1.8"/><rect x="59.6" y="5" width="1.6" height="4" rx=".8" opacity=".6"/></svg>';
  return template.content.firstChild;
}
