/**
 * Follows a person's events and reconnects by itself.
 *
 * `onOpen` is called after every (re)connection, before any of its events: what was missed must be read again.
 */
export function follow(personId, { onOpen, onEvent, onLost }) {
  let source = null;
  let timer = null;
  let pauseSeconds = 0.5;

  function connect() {
    source = new EventSource(`/api/people/${personId}/events`);
    source.onopen = () => {
      pauseSeconds = 0.5;
      onOpen();
    };
    source.onmessage = (event) => onEvent(JSON.parse(event.data));
    source.onerror = retry;
  }

  function retry() {
    onLost();
    source.close();
    timer = setTimeout(connect, pauseSeconds * 1000);
    pauseSeconds = Math.min(pauseSeconds * 2, 4);
  }

  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
