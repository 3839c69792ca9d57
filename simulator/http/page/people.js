/** The list of people and groups; the user of the page acts as one of these people. */

import { element } from "./bubble.js";

const FIRST_ID = 90_001; // lower ids: the demo's citizens; ids above six digits: bots
const CITIZEN = "Warga";
const ADMIN = "Admin";
export const ROLES = [CITIZEN, "Kepala unit", ADMIN];

/** A new person with the next free id and a name from the role. */
export function newPerson(world, role) {
  const taken = world.people.map((person) => person.id).filter((id) => id >= FIRST_ID);
  const count = world.people.filter((person) => person.role === role).length;
  return { id: Math.max(FIRST_ID - 1, ...taken) + 1, first_name: `${role} ${count + 1}`, role };
}

/** Whether new messages of a chat are marked: in groups, and for people with a role. */
export function marksUnread(world, chat) {
  return chat < 0 || world.people.some((person) => person.id === chat && person.role);
}

/** A new group of the first admin; null when there is a group already, or no admin. */
export function newGroup(world) {
  const admin = world.people.find(({ role }) => role === ADMIN);
  if (!admin || world.groups.length) return null;
  return { id: -1001, title: "Camat", members: [admin.id] };
}

/** The route to the group, or to the first person with the role; null when there is none. */
export function routeOfRole(world, role) {
  if (role === "Grup") {
    const [group] = world.groups;
    return group ? { as: groupReader(world, group, null), chat: group.id } : null;
  }
  const found = role === CITIZEN ? null : world.people.find((person) => person.role === role);
  return found ? { as: found.id, chat: found.id } : null;
}

/** The member as whom the group is opened: `me` if a member, otherwise the owner. */
export function groupReader(world, group, me) {
  const inside = group.members.filter(({ user_id }) =>
    world.people.some((person) => person.id === user_id),
  );
  const mine = inside.find(({ user_id }) => user_id === me);
  const owner = inside.find(({ status }) => status === "creator");
  return (mine ?? owner ?? inside[0])?.user_id ?? null;
}

/**
 * Redraw the list and keep the focus.
 *
 * @param {Element} parent
 * @param {object} world of `/sim/world`
 * @param {{as: ?number, chat: ?number}} route
 * @param {Set<number>} unread chats
 * @param {(place: object) => string} address
 */
export function draw(parent, world, route, unread, address) {
  const focused = document.activeElement?.dataset?.entry;
  const isOpen = parent.querySelector("details")?.open ?? false;
  const entries = { route, unread, address };
  const named = world.people.filter((person) => person.role);
  const others = world.people.filter((person) => !person.role);
  parent.replaceChildren(
    ...section("Grup", groups(world, route), entries),
    ...section("Kantor", named.filter((one) => one.role !== CITIZEN).map(person), entries),
    ...section("Warga", named.filter((one) => one.role === CITIZEN).map(person), entries),
    ...folded("Warga lain", others.map(personWithId), entries, isOpen),
  );
  if (focused) parent.querySelector(`[data-entry="${focused}"]`)?.focus();
}

function groups(world, route) {
  return world.groups
    .map((group) => [group, groupReader(world, group, route.as)])
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

function personWithId(one) {
  return { as: one.id, chat: one.id, title: `${one.first_name} ${one.id}`, hint: "" };
}

function section(title, entries, options) {
  if (!entries.length) return [];
  return [element("h2", "", title), list(entries, options)];
}

function folded(title, entries, options, isOpen) {
  if (!entries.length) return [];
  const details = element("details");
  details.open = isOpen;
  details.append(element("summary", "", `${title} (${entries.length})`), list(entries, options));
  return [details];
}

function list(entries, options) {
  const node = element("ul", "entries");
  node.append(...entries.map((entry) => item(entry, options)));
  return node;
}

function item({ as, chat, title, hint }, { route, unread, address }) {
  const link = element("a", "entry");
  link.href = address({ as, chat });
  link.dataset.entry = `${as}:${chat}`;
  link.dataset.chat = chat;
  if (route.chat === chat) link.setAttribute("aria-current", "page");
  const words = element("span", "words");
  words.append(element("b", "", title));
  if (hint) words.append(element("small", "", hint));
  link.append(avatar(title, chat), words);
  if (unread.has(chat)) link.append(unreadMark());
  const node = element("li");
  node.append(link);
  return node;
}

function avatar(title, chat) {
  const node = element("span", "face", initials(title));
  node.setAttribute("aria-hidden", "true");
  node.dataset.tint = Math.abs(chat) % 5;
  return node;
}

/** Two initials: of the first and of the last word, unless the last word is a long number. */
export function initials(title) {
  const words = title.split(/\s+/).filter(Boolean);
  const last = words.length > 1 && !/^\d{4,}$/.test(words.at(-1)) ? words.at(-1) : "";
  return [words[0], last].map((word) => [...(word ?? "")].slice(0, 1).join("")).join("");
}

function unreadMark() {
  const node = element("span", "mark");
  node.append(element("span", "hidden", "ada pesan baru"));
  return node;
}
