/**
 * The page. Its address holds the current person and the open chat; everything else is read from
 * the simulator.
 */

import * as chat from "./chat.js";
import { element } from "./bubble.js";
import { dateAndTime, moves } from "./clock.js";
import { showError, showNote } from "./notes.js";
import { draw, marksUnread, newPerson, newGroup, routeOfRole, ROLES } from "./people.js";
import { startPayload } from "./rich.js";
import { getView, listen, postOperation } from "./sim.js";

const CLOCK_INTERVAL_SECONDS = 3;
const RELOAD_DELAY_MILLISECONDS = 300;

const byId = (id) => document.getElementById(id);

let world = { bots: [], people: [], groups: [], links: [] };
let route = { as: null, chat: null, start: null, bot: null };
const unread = new Set();

// The address

function routeOfAddress() {
  const query = new URLSearchParams(location.search);
  const number = (name) => (query.has(name) ? Number(query.get(name)) : null);
  const as = number("as");
  return { as, chat: number("chat") ?? as, start: query.get("start"), bot: number("bot") };
}

function address({ as, chat: where, start = null, bot = route.bot }) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ as, chat: where, start, bot })) {
    if (value !== null && value !== undefined) query.set(name, value);
  }
  return `/?${query}`;
}

function navigate(target) {
  history.pushState(null, "", address(target));
  return showRoute();
}

/** Show the chat of the address; a start link without a person adds a new citizen. */
async function showRoute() {
  route = routeOfAddress();
  if (route.as === null && route.start !== null) await addScanningCitizen(route.start);
  unread.delete(route.chat);
  const options = world.bots.length ? openOptions(route) : null;
  document.body.dataset.view = options ? "chat" : "list";
  byId("welcome").hidden = options !== null;
  byId("chat").hidden = options === null;
  drawPeople();
  document.title = `${options ? `${options.title} – ` : ""}Obrolan percobaan Puas`;
  if (options === null) return chat.close();
  await chat.open(options);
  return chat.focus();
}

async function addScanningCitizen(payload) {
  const id = await addPerson(ROLES[0]);
  history.replaceState(null, "", address({ as: id, chat: id, start: payload }));
  route = routeOfAddress();
}

/** The argument of `chat.open`; null when there is no such person or group. */
function openOptions({ as, chat: where, start }) {
  const person = world.people.find(({ id }) => id === as);
  const group = world.groups.find(({ id }) => id === where);
  if (!person || (where !== as && !group)) return null;
  const bot = currentBot();
  const options = { as, chat: where, start, bot, startAddress };
  options.title = group ? group.title : bot.first_name;
  options.subtitle = `${group ? "grup" : "bot"} · Anda: ${person.first_name}`;
  options.onStart = (payload) => navigate({ as, chat: as, start: payload });
  options.onStarted = () => history.replaceState(null, "", address({ as, chat: where }));
  return options;
}

function startAddress(payload) {
  return address({ as: route.as, chat: route.as, start: payload });
}

function currentBot() {
  return world.bots.find(({ id }) => id === route.bot) ?? world.bots[0];
}

// People

async function reload() {
  const before = JSON.stringify(world);
  world = await getView("world");
  if (JSON.stringify(world) === before) return;
  drawPeople();
  drawBots();
  drawScanners();
  drawLinks();
}

let reloadTimer = 0;

function reloadSoon() {
  clearTimeout(reloadTimer);
  reloadTimer = setTimeout(async () => {
    const hadBot = world.bots.length > 0;
    await reload().catch(showError);
    if (!hadBot && world.bots.length) await showRoute();
  }, RELOAD_DELAY_MILLISECONDS);
}

function drawPeople() {
  draw(byId("everybody"), world, route, unread, address);
  byId("elsewhere").hidden = unread.size === 0;
  byId("found").hidden = newGroup(world) === null;
  byId("reader").hidden = routeOfRole(world, "Camat") === null;
}

function drawBots() {
  byId("no-bot").hidden = world.bots.length > 0;
  byId("root").textContent = location.origin;
  byId("bots").hidden = world.bots.length < 2;
  const named = world.bots.map(({ id, username }) => new Option(`@${username}`, id));
  byId("bot").replaceChildren(...named);
  if (world.bots.length) byId("bot").value = currentBot().id;
}

function drawScanners() {
  const kept = byId("scanner").value;
  const named = world.people.filter((person) => person.role);
  const options = named.map(({ id, first_name: name }) => new Option(`sebagai ${name}`, id));
  byId("scanner").replaceChildren(new Option("sebagai warga baru", ""), ...options);
  if (named.some(({ id }) => String(id) === kept)) byId("scanner").value = kept;
}

/** The bot's own pages, if the simulator was told of any. */
function drawLinks() {
  byId("links").hidden = world.links.length === 0;
  const items = world.links.map(({ label, url }) => {
    const link = element("a", "", label);
    link.href = url;
    link.target = "_blank";
    link.rel = "noopener";
    const item = element("li");
    item.append(link);
    return item;
  });
  byId("links").querySelector("ul").replaceChildren(...items);
}

async function addPerson(role) {
  const person = newPerson(world, role);
  await postOperation("people", person);
  await reload();
  return person.id;
}

async function addAndOpen(role) {
  const id = await addPerson(role);
  await navigate({ as: id, chat: id });
  if (role !== ROLES[0]) showNote("Peran ini didapat dengan tautan undangan, atau /klaim dari terminal.");
}

/** Open the chat of the first person with a role; add a person if there is none. */
async function openRole(role) {
  const target = routeOfRole(world, role);
  if (target) await navigate(target);
  else if (ROLES.includes(role)) await addAndOpen(role);
  else showNote("Belum ada grup. Jadilah admin dulu, lalu buat grupnya.");
}

async function createGroup() {
  await postOperation("groups", newGroup(world));
  await reload();
  await navigate(routeOfRole(world, "Grup"));
}

async function scan(event) {
  event.preventDefault();
  const typed = byId("code").value.trim();
  const payload = world.bots.length ? startPayload(typed, currentBot().username) : null;
  const start = payload ?? typed;
  const scanner = byId("scanner").value;
  byId("code").value = "";
  await navigate(scanner ? { as: Number(scanner), chat: Number(scanner), start } : { start });
}

// The clock

let now = new Date();

async function readClock() {
  const answer = await getView("clock");
  drawClock(new Date(answer.now));
}

function drawClock(moment) {
  now = moment;
  const text = dateAndTime(now);
  if (byId("now").textContent === text) return;
  byId("now").textContent = text;
  const buttons = byId("moves").querySelectorAll("button");
  moves(now).forEach(({ label, at: moment }, index) => {
    const [name, target] = buttons[index].children;
    name.textContent = label;
    target.textContent = dateAndTime(moment);
  });
}

function buildMoves() {
  const buttons = moves(now).map((_, index) => {
    const button = element("button");
    button.append(element("span"), element("small"));
    button.addEventListener("click", () => move(index).catch(showError));
    return button;
  });
  byId("moves").replaceChildren(...buttons);
}

let isMoving = false;

/** Close the menu and move the clock; a second press meanwhile moves nothing. */
async function move(index) {
  if (isMoving) return;
  isMoving = true;
  byId("clock").open = false;
  byId("clock").querySelector("summary").focus();
  try {
    await readClock();
    const answer = await postOperation("clock", { now: moves(now)[index].at.toISOString() });
    drawClock(new Date(answer.now));
    showNote(`Sekarang ${dateAndTime(now)}.`);
  } finally {
    isMoving = false;
  }
}

// Events

function onEvent(event) {
  chat.onEvent(event);
  if (event.type === "member" || !isKnown(event)) reloadSoon();
  const isNews = event.type === "message" && event.message.from?.is_bot;
  if (!isNews || event.chat === route.chat || !marksUnread(world, event.chat)) return;
  unread.add(event.chat);
  drawPeople();
}

function isKnown({ bot, chat: where }) {
  const knowsBot = bot === undefined || world.bots.some(({ id }) => id === bot);
  const all = [...world.people, ...world.groups];
  return knowsBot && (where === undefined || all.some(({ id }) => id === where));
}

/** Follow a link inside this page without reloading it. */
function follow(event) {
  const link = event.target.closest("a.entry, #back");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  showRoute().catch(showError);
}

function build() {
  byId("newcomers").append(
    ...ROLES.map((role) => {
      const button = element("button", "", `${role} baru`);
      button.addEventListener("click", () => addAndOpen(role).catch(showError));
      return button;
    }),
  );
  for (const card of byId("welcome").querySelectorAll("button")) {
    card.addEventListener("click", () => openRole(card.dataset.role).catch(showError));
  }
  buildMoves();
  byId("found").addEventListener("click", () => createGroup().catch(showError));
  byId("scan").addEventListener("submit", (event) => scan(event).catch(showError));
  byId("bot").addEventListener("change", (event) =>
    navigate({ ...route, bot: Number(event.target.value) }),
  );
  document.addEventListener("click", follow);
  document.addEventListener("click", ({ target }) => {
    if (!byId("clock").contains(target)) byId("clock").open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && byId("clock").contains(event.target)) byId("clock").open = false;
  });
  addEventListener("popstate", () => showRoute().catch(showError));
}

async function begin() {
  build();
  listen(onEvent, () => Promise.all([reload(), chat.refresh()]).catch(showError));
  await reload();
  drawBots();
  await readClock();
  setInterval(() => readClock().catch(showError), CLOCK_INTERVAL_SECONDS * 1000);
  await showRoute();
}

begin().catch(showError);
