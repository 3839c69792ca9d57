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

/** Call `onEvent` with every event, and `onReconnect` after the connection was interrupted. */
export function listen(onEvent, onReconnect) {
  const source = new EventSource("/sim/events");
  for (const type of EVENT_TYPES) {
    source.addEventListener(type, (event) => onEvent(JSON.parse(event.data)));
  }
  let wasDown = false;
  source.addEventListener("error", () => (wasDown = true));
  source.addEventListener("open", () => {
    if (wasDown) onReconnect();
    wasDown = false;
  });
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
