/** The list of those one can be, and of the groups one can look into. */

import { element } from "./bubble.js";

const FIRST = 90_001; // below it: people the demo brings; above six digits: bots
const CITIZEN = "Warga";
const ADMIN = "Admin";
export const ROLES = [CITIZEN, "Kepala unit", ADMIN];

/** A person made by hand: the next free number, named after the role. */
export function newcomer(world, role) {
  const taken = world.people.map((person) => person.id).filter((id) => id >= FIRST);
  const count = world.people.filter((person) => person.role === role).length;
  return { id: Math.max(FIRST - 1, ...taken) + 1, first_name: `${role} ${count + 1}`, role };
}

/** Whose messages are worth a mark: groups, and people one was or has a role. */
export function isFollowed(world, chat) {
  return chat < 0 || world.people.some((person) => person.id === chat && person.role);
}

/** A group of the first admin's, for a world that has none; null when none is needed or possible. */
export function newGroup(world) {
  const admin = world.people.find(({ role }) => role === ADMIN);
  if (!admin || world.groups.length) return null;
  return { id: -1001, title: "Camat", members: [admin.id] };
}

/** Where a role is played: the group, or the first who has it; null when nobody does. */
export function playing(world, role) {
  if (role === "Grup") {
    const [group] = world.groups;
    return group ? { as: readerOf(world, group, null), chat: group.id } : null;
  }
  const found = role === CITIZEN ? null : world.people.find((person) => person.role === role);
  return found ? { as: found.id, chat: found.id } : null;
}

/** Who of a group one looks in as: oneself when in it, else its owner. */
export function readerOf(world, group, me) {
  const inside = group.members.filter(({ user_id }) =>
    world.people.some((person) => person.id === user_id),
  );
  const mine = inside.find(({ user_id }) => user_id === me);
  const owner = inside.find(({ status }) => status === "creator");
  return (mine ?? owner ?? inside[0])?.user_id ?? null;
}

/**
 * Draw the list anew, the focus kept.
 *
 * @param {Element} parent
 * @param {object} world of `/sim/world`
 * @param {{as: ?number, chat: ?number}} here
 * @param {Set<number>} unread chats
 * @param {(place: object) => string} address
 */
export function draw(parent, world, here, unread, address) {
  const focused = document.activeElement?.dataset?.entry;
  const isOpen = parent.querySelector("details")?.open ?? false;
  const entries = { here, unread, address };
  const named = world.people.filter((person) => person.role);
  const others = world.people.filter((person) => !person.role);
  parent.replaceChildren(
    ...section("Grup", groups(world, here), entries),
    ...section("Kantor", named.filter((one) => one.role !== CITIZEN).map(person), entries),
    ...section("Warga", named.filter((one) => one.role === CITIZEN).map(person), entries),
    ...folded("Warga lain", others.map(crowd), entries, isOpen),
  );
  if (focused) parent.querySelector(`[data-entry="${focused}"]`)?.focus();
}

function groups(world, here) {
  return world.groups
    .map((group) => [group, readerOf(world, group, here.as)])
    .filter(([, reader]) => reader !== null)
    .map(([group, reader]) => {
      const name = world.people.find(({ id }) => id === reader).first_name;
      return { as: reader, chat: group.id, title: group.title, hint: `dilihat sebagai ${name}` };
    });
}

function person(one) {
  const hint = one.first_name.startsWith(one.role) ? "" : one.role;
  return { as: one.id, chat: one.id, title: one.first_name, hint };
}

function crowd(one) {
  return { as: one.id, chat: one.id, title: `${one.first_name} ${one.id}`, hint: "" };
}

function section(title, entries, look) {
  if (!entries.length) return [];
  return [element("h2", "", title), list(entries, look)];
}

function folded(title, entries, look, isOpen) {
  if (!entries.length) return [];
  const details = element("details");
  details.open = isOpen;
  details.append(element("summary", "", `${title} (${entries.length})`), list(entries, look));
  return [details];
}

function list(entries, look) {
  const node = element("ul", "entries");
  node.append(...entries.map((entry) => item(entry, look)));
  return node;
}

function item({ as, chat, title, hint }, { here, unread, address }) {
  const link = element("a", "entry");
  link.href = address({ as, chat });
  link.dataset.entry = `${as}:${chat}`;
  link.dataset.chat = chat;
  if (here.chat === chat) link.setAttribute("aria-current", "page");
  const words = element("span", "words");
  words.append(element("b", "", title));
  if (hint) words.append(element("small", "", hint));
  link.append(face(title, chat), words);
  if (unread.has(chat)) link.append(mark());
  const node = element("li");
  node.append(link);
  return node;
}

function face(title, chat) {
  const node = element("span", "face", initials(title));
  node.setAttribute("aria-hidden", "true");
  node.dataset.tint = Math.abs(chat) % 5;
  return node;
}

/** Two letters for a face: of the first and the last word, unless that is a long number. */
export function initials(title) {
  const words = title.split(/\s+/).filter(Boolean);
  const last = words.length > 1 && !/^\d{4,}$/.test(words.at(-1)) ? words.at(-1) : "";
  return [words[0], last].map((word) => [...(word ?? "")].slice(0, 1).join("")).join("");
}

function mark() {
  const node = element("span", "mark");
  node.append(element("span", "hidden", "ada pesan baru"));
  return node;
}
