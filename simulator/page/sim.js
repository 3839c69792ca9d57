/** The simulator's `/sim/` interface, seen from a browser. */

/** What the simulator refused, in its words. */
export class Refused extends Error {}

/** Look at something: `GET /sim/VIEW`. */
export function look(view, query = {}) {
  return answer(fetch(`/sim/${view}?${new URLSearchParams(given(query))}`));
}

/** Let somebody do something: `POST /sim/NAME`. */
export function order(name, body) {
  return answer(fetch(`/sim/${name}`, { method: "POST", body: JSON.stringify(given(body)) }));
}

/** Send a file of somebody's: `POST /sim/upload`. */
export function upload(values, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(given(values))) form.set(name, value);
  form.set("file", file);
  return answer(fetch("/sim/upload", { method: "POST", body: form }));
}

/** Where a file that was sent can be had. */
export function addressOf(fileId) {
  return `/sim/file?${new URLSearchParams({ id: fileId })}`;
}

const HEARD = ["message", "edit", "delete", "toast", "action", "member", "call"];

/** Hear of everything that happens; `again` is called when the line was down in between. */
export function listen(hear, again) {
  const source = new EventSource("/sim/events");
  for (const type of HEARD) source.addEventListener(type, (event) => hear(JSON.parse(event.data)));
  let wasDown = false;
  source.addEventListener("error", () => (wasDown = true));
  source.addEventListener("open", () => {
    if (wasDown) again();
    wasDown = false;
  });
}

async function answer(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Refused("simulator tidak menjawab; apakah masih berjalan?");
  }
  const body = await response.json();
  if (!response.ok) throw new Refused(body.error ?? `status ${response.status}`);
  return body;
}

function given(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null));
}
