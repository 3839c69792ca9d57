/** A client of the simulator's `/sim/` interface. */

/** An error that the simulator reported, with its text. */
export class SimError extends Error {}

/** Read a view: `GET /sim/VIEW`. */
export function getView(view, query = {}) {
  return responseBody(fetch(`/sim/${view}?${new URLSearchParams(withoutNull(query))}`));
}

/** Carry out an operation: `POST /sim/NAME`. */
export function postOperation(name, body) {
  const request = { method: "POST", body: JSON.stringify(withoutNull(body)) };
  return responseBody(fetch(`/sim/${name}`, request));
}

/** Send a person's file: `POST /sim/upload`. */
export function postUpload(values, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(withoutNull(values))) form.set(name, value);
  form.set("file", file);
  return responseBody(fetch("/sim/upload", { method: "POST", body: form }));
}

/** The address of a file that was sent. */
export function fileAddress(fileId) {
  return `/sim/file?${new URLSearchParams({ id: fileId })}`;
}

const EVENT_TYPES = ["message", "edit", "delete", "toast", "action", "member", "call"];

/**
 * Call `onEvent` with every event, and `onReconnect` after the connection was interrupted. A hidden
 * tab has no connection, since a browser allows six connections to a host.
 */
export function listen(onEvent, onReconnect) {
  let source = null;
  let wasDown = document.hidden;
  const connect = () => {
    source = new EventSource("/sim/events");
    for (const type of EVENT_TYPES) {
      source.addEventListener(type, (event) => onEvent(JSON.parse(event.data)));
    }
    source.addEventListener("error", () => (wasDown = true));
    source.addEventListener("open", () => {
      if (wasDown) onReconnect();
      wasDown = false;
    });
  };
  const onVisibility = () => {
    source?.close();
    wasDown ||= document.hidden;
    if (!document.hidden) connect();
  };
  document.addEventListener("visibilitychange", onVisibility);
  onVisibility();
}

async function responseBody(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new SimError("simulator tidak menjawab; apakah masih berjalan?");
  }
  const body = await response.json();
  if (!response.ok) throw new SimError(body.error ?? `status ${response.status}`);
  return body;
}

function withoutNull(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null));
}
