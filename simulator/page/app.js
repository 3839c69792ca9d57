/** The page: who one is and which chat is open stands in the address, everything else is asked. */

import * as chat from "./chat.js";
import { element } from "./bubble.js";
import { moves, shown } from "./clock.js";
import { complain, note } from "./notes.js";
import { draw, isFollowed, newcomer, newGroup, playing, ROLES } from "./people.js";
import { payloadOf } from "./rich.js";
import { listen, look, order } from "./sim.js";

const CLOCK_SECONDS = 3;
const FRESH_MILLISECONDS = 300;

const at = (id) => document.getElementById(id);

let world = { bots: [], people: [], groups: [] };
let here = { as: null, chat: null, start: null, bot: null };
const unread = new Set();

// The address

function read() {
  const query = new URLSearchParams(location.search);
  const number = (name) => (query.has(name) ? Number(query.get(name)) : null);
  const as = number("as");
  return { as, chat: number("chat") ?? as, start: query.get("start"), bot: number("bot") };
}

function address({ as, chat: where, start = null, bot = here.bot }) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ as, chat: where, start, bot })) {
    if (value !== null && value !== undefined) query.set(name, value);
  }
  return `/?${query}`;
}

function go(place) {
  history.pushState(null, "", address(place));
  return arrive();
}

/** Show what the address says; a link without anybody brings a new citizen. */
async function arrive() {
  here = read();
  if (here.as === null && here.start !== null) await scanned(here.start);
  unread.delete(here.chat);
  const place = world.bots.length ? placeOf(here) : null;
  document.body.dataset.view = place ? "chat" : "list";
  at("welcome").hidden = place !== null;
  at("chat").hidden = place === null;
  drawPeople();
  document.title = `${place ? `${place.title} – ` : ""}Obrolan percobaan Puas`;
  if (place === null) return chat.close();
  await chat.open(place);
  return chat.focus();
}

async function scanned(payload) {
  const id = await born(ROLES[0]);
  history.replaceState(null, "", address({ as: id, chat: id, start: payload }));
  here = read();
}

/** What the open chat needs to know; null when nobody of that number is there. */
function placeOf({ as, chat: where, start }) {
  const person = world.people.find(({ id }) => id === as);
  const group = world.groups.find(({ id }) => id === where);
  if (!person || (where !== as && !group)) return null;
  const bot = theBot();
  const place = { as, chat: where, start, bot, startAddress: (payload) => linked(payload) };
  place.title = group ? group.title : bot.first_name;
  place.subtitle = `${group ? "grup" : "bot"} · Anda: ${person.first_name}`;
  place.onStart = (payload) => go({ as, chat: as, start: payload });
  place.onStarted = () => history.replaceState(null, "", address({ as, chat: where }));
  return place;
}

function linked(payload) {
  return address({ as: here.as, chat: here.as, start: payload });
}

function theBot() {
  return world.bots.find(({ id }) => id === here.bot) ?? world.bots[0];
}

// People

async function reload() {
  const before = JSON.stringify(world);
  world = await look("world");
  if (JSON.stringify(world) === before) return;
  drawPeople();
  drawBots();
  drawScanners();
}

let fresh = 0;

function reloadSoon() {
  clearTimeout(fresh);
  fresh = setTimeout(async () => {
    const hadBot = world.bots.length > 0;
    await reload().catch(complain);
    if (!hadBot && world.bots.length) await arrive();
  }, FRESH_MILLISECONDS);
}

function drawPeople() {
  draw(at("everybody"), world, here, unread, address);
  at("elsewhere").hidden = unread.size === 0;
  at("found").hidden = newGroup(world) === null;
}

function drawBots() {
  at("no-bot").hidden = world.bots.length > 0;
  at("root").textContent = location.origin;
  at("bots").hidden = world.bots.length < 2;
  const named = world.bots.map(({ id, username }) => new Option(`@${username}`, id));
  at("bot").replaceChildren(...named);
  if (world.bots.length) at("bot").value = theBot().id;
}

function drawScanners() {
  const kept = at("scanner").value;
  const named = world.people.filter((person) => person.role);
  const options = named.map(({ id, first_name: name }) => new Option(`sebagai ${name}`, id));
  at("scanner").replaceChildren(new Option("sebagai warga baru", ""), ...options);
  if (named.some(({ id }) => String(id) === kept)) at("scanner").value = kept;
}

async function born(role) {
  const person = newcomer(world, role);
  await order("people", person);
  await reload();
  return person.id;
}

async function become(role) {
  const id = await born(role);
  await go({ as: id, chat: id });
}

/** A card of the welcome: somebody who is there, else somebody new. */
async function play(role) {
  const place = playing(world, role);
  if (place) await go(place);
  else if (ROLES.includes(role)) await become(role);
  else note("Belum ada grup. Jadilah admin dulu, lalu buat grupnya.");
}

async function found() {
  await order("groups", newGroup(world));
  await reload();
  await go(playing(world, "Grup"));
}

async function scan(event) {
  event.preventDefault();
  const typed = at("code").value.trim();
  const payload = world.bots.length ? payloadOf(typed, theBot().username) : null;
  const start = payload ?? typed;
  const scanner = at("scanner").value;
  at("code").value = "";
  await go(scanner ? { as: Number(scanner), chat: Number(scanner), start } : { start });
}

// The clock

let now = new Date();

async function readClock() {
  const answer = await look("clock");
  drawClock(new Date(answer.now));
}

function drawClock(moment) {
  now = moment;
  const text = shown(now);
  if (at("now").textContent === text) return;
  at("now").textContent = text;
  const buttons = at("moves").querySelectorAll("button");
  moves(now).forEach(({ label, at: moment }, place) => {
    const [name, target] = buttons[place].children;
    name.textContent = label;
    target.textContent = shown(moment);
  });
}

function buildMoves() {
  const buttons = moves(now).map((_, place) => {
    const button = element("button");
    button.append(element("span"), element("small"));
    button.addEventListener("click", () => move(place).catch(complain));
    return button;
  });
  at("moves").replaceChildren(...buttons);
}

async function move(place) {
  await readClock();
  const answer = await order("clock", { now: moves(now)[place].at.toISOString() });
  drawClock(new Date(answer.now));
  note(`Sekarang ${shown(now)}.`);
}

// Events

function heard(event) {
  chat.heard(event);
  if (event.type === "member" || !isKnown(event)) reloadSoon();
  const isNews = event.type === "message" && event.message.from?.is_bot;
  if (!isNews || event.chat === here.chat || !isFollowed(world, event.chat)) return;
  unread.add(event.chat);
  drawPeople();
}

function isKnown({ bot, chat: where }) {
  const knowsBot = bot === undefined || world.bots.some(({ id }) => id === bot);
  const all = [...world.people, ...world.groups];
  return knowsBot && (where === undefined || all.some(({ id }) => id === where));
}

/** A link to a place of this page is followed without loading it anew. */
function follow(event) {
  const link = event.target.closest("a.entry, #back");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  arrive().catch(complain);
}

function build() {
  at("newcomers").append(
    ...ROLES.map((role) => {
      const button = element("button", "", `${role} baru`);
      button.addEventListener("click", () => become(role).catch(complain));
      return button;
    }),
  );
  for (const card of at("welcome").querySelectorAll("button")) {
    card.addEventListener("click", () => play(card.dataset.role).catch(complain));
  }
  buildMoves();
  at("found").addEventListener("click", () => found().catch(complain));
  at("scan").addEventListener("submit", (event) => scan(event).catch(complain));
  at("bot").addEventListener("change", () => go({ ...here, bot: Number(at("bot").value) }));
  document.addEventListener("click", follow);
  document.addEventListener("click", ({ target }) => {
    if (!at("clock").contains(target)) at("clock").open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && at("clock").contains(event.target)) at("clock").open = false;
  });
  addEventListener("popstate", () => arrive().catch(complain));
}

async function begin() {
  build();
  listen(heard, () => Promise.all([reload(), chat.refresh()]).catch(complain));
  await reload();
  drawBots();
  await readClock();
  setInterval(() => readClock().catch(complain), CLOCK_SECONDS * 1000);
  await arrive();
}

begin().catch(complain);
