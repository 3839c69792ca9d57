/**
 * The open chat. An event only triggers a refresh: what is shown is always read from the
 * simulator's transcript, so it cannot differ from it.
 */

import { messageNode, element } from "./bubble.js";
import { dayText } from "./clock.js";
import { showAlert, showError, showNote } from "./notes.js";
import { initials } from "./people.js";
import { startPayload } from "./rich.js";
import { getView, postOperation, postUpload } from "./sim.js";

const NEAR_END_PIXELS = 80; // a reader further up is not scrolled to a new message
const SPACE_ABOVE_PIXELS = 8; // above a message that is taller than the screen
const TYPING_SECONDS = 5;
const PHOTOS = ["image/png", "image/jpeg"];

const byId = (id) => document.getElementById(id);
const log = byId("log");

let opened = null; // see `open`
let drawn = new Map(); // message_id → {json, node}
let lastDay = "";
let typing = 0;
let lastScrollTop = -1; // after the last automatic scroll
let isAtPicture = false; // whether that one went to the start of a picture

/**
 * Show a chat as a person sees it.
 *
 * @param {object} next `as`, `chat`, `start` (the payload of a link before START is pressed, otherwise
 *   null), `bot` (its User), `title`, `subtitle`, `startAddress` (of a payload), `onStart` (called for
 *   a link to the bot), `onStarted` (called when START is pressed)
 */
export async function open(next) {
  opened = next;
  drawn = new Map();
  lastDay = "";
  isAtPicture = false;
  log.setAttribute("aria-live", "off"); // a screen reader does not read the old messages
  log.replaceChildren();
  byId("title").textContent = opened.title;
  byId("face").textContent = initials(opened.title);
  byId("block").hidden = opened.chat < 0;
  showSubtitle();
  closeMenu();
  await refresh();
  log.setAttribute("aria-live", "polite");
}

/** Close the chat. */
export function close() {
  opened = null;
}

/** Show the effect of an event, if it concerns this chat. */
export function onEvent(event) {
  if (opened === null) return;
  if (event.type === "toast" && event.person === opened.as) return toast(event);
  if (event.chat !== opened.chat) return;
  if (event.chat > 0 && event.bot !== undefined && event.bot !== opened.bot.id) return;
  if (event.type === "action") showTyping();
  else refresh();
}

let running = null;
let again = false;

/** Read and show the chat; calls during a running refresh cause one more refresh. */
export function refresh() {
  if (running) {
    again = true;
    return running;
  }
  running = update()
    .catch(showError)
    .finally(() => {
      running = null;
      if (!again) return undefined;
      again = false;
      return refresh();
    });
  return running;
}

async function update() {
  const asked = opened;
  if (asked === null) return;
  const where = { chat: asked.chat, bot: asked.bot.id };
  const [messages, around] = await Promise.all([
    getView("transcript", where),
    getView("chat", { from: asked.as, ...where }),
  ]);
  if (asked !== opened) return;
  draw(messages);
  showStatus(around);
}

// Messages

function draw(messages) {
  const isUnmoved = log.scrollTop === lastScrollTop && !isAtPicture;
  const staysAtEnd = isUnmoved || fromEnd() < NEAR_END_PIXELS;
  const isOpening = drawn.size === 0;
  const kept = new Set(messages.map((message) => message.message_id));
  for (const [id, { node }] of drawn) {
    if (kept.has(id)) continue;
    node.remove();
    drawn.delete(id);
  }
  const added = messages.filter(drawMessage).map((message) => drawn.get(message.message_id).node);
  if (staysAtEnd) showLast(isOpening ? [] : added);
}

function fromEnd() {
  return log.scrollHeight - log.scrollTop - log.clientHeight;
}

/**
 * Scroll to the end; where a picture among the new messages or the last message would then begin
 * above the screen, to its start. What comes after a picture does not push it away.
 */
function showLast(added) {
  const shown = added.find((node) => node.querySelector(".photo")) ?? log.lastElementChild;
  const top = shown ? shown.offsetTop - log.offsetTop - SPACE_ABOVE_PIXELS : 0;
  const isTall = log.scrollHeight - top > log.clientHeight;
  log.scrollTop = isTall ? top : log.scrollHeight;
  isAtPicture = isTall && Boolean(shown?.querySelector(".photo"));
  lastScrollTop = log.scrollTop;
}

/** Draw a message that is new or changed; whether it is new. */
function drawMessage(message) {
  const json = JSON.stringify(message);
  const known = drawn.get(message.message_id);
  if (known?.json === json) return false;
  const node = messageNode(message, view());
  if (known) replaceNode(known.node, node);
  else log.append(...newDay(message), asNew(node));
  drawn.set(message.message_id, { json, node });
  if (!known) showSubtitle();
  return !known;
}

/** Replace an edited message and keep the focus in it. */
function replaceNode(old, fresh) {
  const isFocused = old.contains(document.activeElement);
  old.replaceWith(fresh);
  if (isFocused) (fresh.querySelector(".key") ?? fresh).focus({ preventScroll: true });
}

function asNew(node) {
  node.classList.add("new");
  return node;
}

function newDay(message) {
  const day = dayText(new Date(message.date * 1000));
  if (day === lastDay) return [];
  lastDay = day;
  return [element("p", "day", day)];
}

function view() {
  const { as, chat, bot, startAddress, onStart: start } = opened;
  const say = (text) => send(text);
  const who = { me: as, isGroup: chat < 0, username: bot.username };
  return { ...who, start, startAddress, say, tap, showNote };
}

async function tap(message, data, button) {
  button.setAttribute("aria-busy", "true");
  await act("tap", { message_id: message.message_id, data });
}

// The status of the chat and the menu

function showStatus({ known, blocked, description, menu }) {
  const isPrivate = opened.chat > 0;
  const waits = isPrivate && !blocked && (opened.start !== null || !known);
  byId("about").textContent = description;
  byId("about").hidden = !isPrivate || !description || drawn.size > 0;
  byId("start").hidden = !waits;
  byId("unblock").hidden = !blocked;
  byId("write").hidden = waits || blocked;
  byId("block").hidden = !isPrivate || blocked || !known;
  byId("menu").hidden = !menu.length;
  drawMenu(menu);
}

let drawnMenu = "";

function drawMenu(menu) {
  const now = JSON.stringify(menu);
  if (now === drawnMenu) return;
  drawnMenu = now;
  byId("commands").replaceChildren(
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

/** Send a command; in a group Telegram adds the bot's username. */
function choose(command) {
  closeMenu();
  byId("text").focus();
  send(opened.chat < 0 ? `/${command}@${opened.bot.username}` : `/${command}`);
}

function closeMenu() {
  byId("commands").hidden = true;
  byId("menu").setAttribute("aria-expanded", "false");
}

function toast({ text, show_alert: isAlert, url }) {
  for (const button of log.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  const payload = url ? startPayload(url, opened.bot.username) : null;
  if (payload !== null) opened.onStart(payload);
  if (text) (isAlert ? showAlert : showNote)(text);
}

function showTyping() {
  byId("subtitle").textContent = "sedang mengetik…";
  clearTimeout(typing);
  typing = setTimeout(showSubtitle, TYPING_SECONDS * 1000);
}

function showSubtitle() {
  clearTimeout(typing);
  byId("subtitle").textContent = opened?.subtitle ?? "";
}

// Actions of the person

async function act(name, more) {
  const { as, chat, bot } = opened;
  isAtPicture = false; // scroll to the answer
  try {
    await postOperation(name, { from: as, chat, bot: bot.id, ...more });
    return true;
  } catch (error) {
    showError(error);
    return false;
  }
}

async function send(text, typed = true) {
  lastScrollTop = log.scrollTop; // scroll to the answer
  return act("say", { text, typed });
}

async function start({ detail: byPointer }) {
  const text = `/start ${opened.start ?? ""}`.trim();
  opened.start = null;
  opened.onStarted();
  if (!byPointer) log.focus(); // START disappears; the next Tab goes to the first button
  if (!(await send(text, false))) await refresh();
}

async function write(event) {
  event.preventDefault();
  const field = byId("text");
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  if (!(await send(text))) field.value = text;
}

async function block(blocked) {
  const { as, bot } = opened;
  await postOperation("block", { from: as, blocked, bot: bot.id }).catch(showError);
  await refresh();
  (blocked ? byId("unblock") : byId("text")).focus();
}

async function attach() {
  const [file] = byId("file").files;
  if (!file) return;
  const kind = PHOTOS.includes(file.type) ? "photo" : "document";
  const { as, chat, bot } = opened;
  await postUpload({ from: as, chat, bot: bot.id, kind }, file).catch(showError);
  byId("file").value = "";
}

function toggleMenu() {
  const isHidden = byId("commands").hidden;
  byId("commands").hidden = !isHidden;
  byId("menu").setAttribute("aria-expanded", String(isHidden));
}

byId("start").addEventListener("click", start);
byId("unblock").addEventListener("click", () => block(false));
byId("block").addEventListener("click", () => block(true));
byId("menu").addEventListener("click", toggleMenu);
byId("file").addEventListener("change", attach);
byId("write").addEventListener("submit", write);
byId("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("write").requestSubmit();
});
byId("foot").addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || byId("commands").hidden) return;
  closeMenu();
  byId("menu").focus();
});

/** Move the focus to the first control of an open chat. */
export function focus() {
  const next = ["start", "unblock", "text"].map(byId).find((node) => node.offsetParent !== null);
  next?.focus({ preventScroll: true });
}
