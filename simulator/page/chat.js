/**
 * The open chat. Events only tell that something changed: what is shown is always the simulator's
 * own transcript, so nothing here can drift from it.
 */

import { bubble, element } from "./bubble.js";
import { dayOf } from "./clock.js";
import { alertWith, complain, note } from "./notes.js";
import { initials } from "./people.js";
import { payloadOf } from "./rich.js";
import { look, order, upload } from "./sim.js";

const NEAR_END = 80; // pixels: whoever reads older messages is left there
const ABOVE = 8; // pixels left free above a tall message
const TYPING_SECONDS = 5;
const PHOTOS = ["image/png", "image/jpeg"];

const at = (id) => document.getElementById(id);
const log = at("log");

let place = null; // see `open`
let drawn = new Map(); // message_id → {was, node}
let lastDay = "";
let typing = 0;
let parked = -1; // where the last new message left the reader

/**
 * Show a chat as somebody sees it.
 *
 * @param {object} next `as`, `chat`, `start` (a link's payload not yet sent, else null), `bot` (its
 *   User), `title`, `subtitle`, `startAddress` (of a payload), `onStart` (a link was followed),
 *   `onStarted` (START was pressed)
 */
export async function open(next) {
  place = next;
  drawn = new Map();
  lastDay = "";
  log.setAttribute("aria-live", "off"); // what stands there already is not news
  log.replaceChildren();
  at("title").textContent = place.title;
  at("face").textContent = initials(place.title);
  at("block").hidden = place.chat < 0;
  calm();
  fold();
  await refresh();
  log.setAttribute("aria-live", "polite");
}

/** Put the chat away. */
export function close() {
  place = null;
}

/** Something happened somewhere. */
export function heard(event) {
  if (place === null) return;
  if (event.type === "toast" && event.person === place.as) return toast(event);
  if (event.chat !== place.chat) return;
  if (event.chat > 0 && event.bot !== undefined && event.bot !== place.bot.id) return;
  if (event.type === "action") busy();
  else refresh();
}

let running = null;
let again = false;

/** Bring what is shown up to date; calls that come meanwhile are taken together. */
export function refresh() {
  if (running) {
    again = true;
    return running;
  }
  running = update()
    .catch(complain)
    .finally(() => {
      running = null;
      if (!again) return undefined;
      again = false;
      return refresh();
    });
  return running;
}

async function update() {
  const asked = place;
  if (asked === null) return;
  const where = { chat: asked.chat, bot: asked.bot.id };
  const [messages, around] = await Promise.all([
    look("transcript", where),
    look("chat", { from: asked.as, ...where }),
  ]);
  if (asked !== place) return;
  draw(messages);
  frame(around);
}

// Messages

function draw(messages) {
  const follows = log.scrollTop === parked || fromEnd() < NEAR_END;
  const kept = new Set(messages.map((message) => message.message_id));
  for (const [id, { node }] of drawn) {
    if (kept.has(id)) continue;
    node.remove();
    drawn.delete(id);
  }
  for (const message of messages) put(message);
  if (follows) showLast();
}

function fromEnd() {
  return log.scrollHeight - log.scrollTop - log.clientHeight;
}

/** The end, or the beginning of a last message that is taller than the screen. */
function showLast() {
  const last = log.lastElementChild;
  const isTall = last && last.offsetHeight > log.clientHeight;
  log.scrollTop = isTall ? last.offsetTop - log.offsetTop - ABOVE : log.scrollHeight;
  parked = log.scrollTop;
}

function put(message) {
  const was = JSON.stringify(message);
  const known = drawn.get(message.message_id);
  if (known?.was === was) return;
  const node = bubble(message, view());
  if (known) exchange(known.node, node);
  else log.append(...newDay(message), arriving(node));
  drawn.set(message.message_id, { was, node });
  if (!known) calm();
}

/** An edit takes the old message's place, and its focus: the next button is under the finger. */
function exchange(old, fresh) {
  const isFocused = old.contains(document.activeElement);
  old.replaceWith(fresh);
  if (isFocused) (fresh.querySelector(".key") ?? fresh).focus({ preventScroll: true });
}

function arriving(node) {
  node.classList.add("new");
  return node;
}

function newDay(message) {
  const day = dayOf(new Date(message.date * 1000));
  if (day === lastDay) return [];
  lastDay = day;
  return [element("p", "day", day)];
}

function view() {
  const { as, chat, bot, startAddress, onStart: start } = place;
  const say = (text) => send(text);
  const who = { me: as, isGroup: chat < 0, username: bot.username };
  return { ...who, start, startAddress, say, tap, note };
}

async function tap(message, data, button) {
  button.setAttribute("aria-busy", "true");
  await act("tap", { message_id: message.message_id, data });
}

// Around the messages

function frame({ known, blocked, menu }) {
  const isPrivate = place.chat > 0;
  const waits = isPrivate && !blocked && (place.start !== null || !known);
  at("start").hidden = !waits;
  at("unblock").hidden = !blocked;
  at("write").hidden = waits || blocked;
  at("block").hidden = !isPrivate || blocked || !known;
  at("menu").hidden = !menu.length;
  drawMenu(menu);
}

let menuWas = "";

function drawMenu(menu) {
  const now = JSON.stringify(menu);
  if (now === menuWas) return;
  menuWas = now;
  at("commands").replaceChildren(
    ...menu.map(({ command, description }) => {
      const button = element("button", "", `/${command}`);
      button.append(element("small", "", description));
      button.addEventListener("click", () => choose(command));
      const item = element("li");
      item.append(button);
      return item;
    }),
  );
}

/** In a group Telegram names the bot behind the command. */
function choose(command) {
  fold();
  at("text").focus();
  send(place.chat < 0 ? `/${command}@${place.bot.username}` : `/${command}`);
}

function fold() {
  at("commands").hidden = true;
  at("menu").setAttribute("aria-expanded", "false");
}

function toast({ text, show_alert: isAlert, url }) {
  for (const button of log.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  const payload = url ? payloadOf(url, place.bot.username) : null;
  if (payload !== null) place.onStart(payload);
  if (text) (isAlert ? alertWith : note)(text);
}

function busy() {
  at("subtitle").textContent = "sedang mengetik…";
  clearTimeout(typing);
  typing = setTimeout(calm, TYPING_SECONDS * 1000);
}

function calm() {
  clearTimeout(typing);
  at("subtitle").textContent = place?.subtitle ?? "";
}

// What the person does

async function act(name, more) {
  const { as, chat, bot } = place;
  try {
    await order(name, { from: as, chat, bot: bot.id, ...more });
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

async function send(text, typed = true) {
  parked = log.scrollTop; // whoever writes wants to see what comes
  return act("say", { text, typed });
}

async function start({ detail: byPointer }) {
  const text = `/start ${place.start ?? ""}`.trim();
  place.start = null;
  place.onStarted();
  if (!byPointer) log.focus(); // START goes away; Tab leads on to the first button
  if (!(await send(text, false))) await refresh();
}

async function write(event) {
  event.preventDefault();
  const field = at("text");
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  if (!(await send(text))) field.value = text;
}

async function block(blocked) {
  const { as, bot } = place;
  await order("block", { from: as, blocked, bot: bot.id }).catch(complain);
  await refresh();
  (blocked ? at("unblock") : at("text")).focus();
}

async function attach() {
  const [file] = at("file").files;
  if (!file) return;
  const kind = PHOTOS.includes(file.type) ? "photo" : "document";
  const { as, chat, bot } = place;
  await upload({ from: as, chat, bot: bot.id, kind }, file).catch(complain);
  at("file").value = "";
}

function unfold() {
  const isHidden = at("commands").hidden;
  at("commands").hidden = !isHidden;
  at("menu").setAttribute("aria-expanded", String(isHidden));
}

at("start").addEventListener("click", start);
at("unblock").addEventListener("click", () => block(false));
at("block").addEventListener("click", () => block(true));
at("menu").addEventListener("click", unfold);
at("file").addEventListener("change", attach);
at("write").addEventListener("submit", write);
at("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  at("write").requestSubmit();
});
at("foot").addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || at("commands").hidden) return;
  fold();
  at("menu").focus();
});

/** Where the keyboard goes on once a chat is open. */
export function focus() {
  const next = ["start", "unblock", "text"].map(at).find((node) => node.offsetParent !== null);
  next?.focus({ preventScroll: true });
}
