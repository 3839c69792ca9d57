/** One message of a chat as DOM nodes. */

import { timeText } from "./clock.js";
import { webAddress, startPayload, formattedText } from "./rich.js";
import { fileAddress } from "./sim.js";

/**
 * @typedef {object} View who reads the message, and what its links and buttons do
 * @property {number} me the reader's id
 * @property {boolean} isGroup
 * @property {string} username of the bot
 * @property {(payload: string) => void} start
 * @property {(payload: string) => string} startAddress
 * @property {(command: string) => void} say
 * @property {(message: object, data: string, button: Element) => void} tap
 * @property {(text: string) => void} note
 */

/** @returns {HTMLElement} */
export function messageNode(message, view) {
  const note = serviceText(message);
  if (note) return element("p", "note", note);
  const mine = message.from?.id === view.me && !message.sender_chat;
  const whole = element("article", `message ${mine ? "out" : "in"}`);
  whole.setAttribute("aria-label", `${mine ? "Anda" : sender(message)}, ${time(message)}`);
  whole.tabIndex = -1;
  const inside = element("div", "bubble");
  if (view.isGroup && !mine) inside.append(element("p", "sender", sender(message)));
  inside.append(...attachmentNodes(message), ...textNodes(message, view), meta(message));
  whole.append(inside, ...keyboard(message, view));
  return whole;
}

function sender(message) {
  return message.sender_chat?.title ?? message.from?.first_name ?? "";
}

function time(message) {
  return timeText(new Date(message.date * 1000));
}

function meta(message) {
  return element("p", "meta", `${message.edit_date ? "diedit " : ""}${time(message)}`);
}

function textNodes(message, view) {
  const text = message.text ?? message.caption;
  if (!text) return [];
  const block = element("div", "text");
  block.dir = "auto";
  block.append(formattedText(text, message.entities ?? message.caption_entities, nodeMakers(view)));
  return [block];
}

function nodeMakers(view) {
  return {
    link: (url) => link(url, view),
    command: (text) => {
      const node = element("button", "command");
      node.addEventListener("click", () => view.say(text));
      return node;
    },
  };
}

/** A link to the bot starts it on this page, a web link opens a tab, any other link is text. */
function link(url, view) {
  const payload = startPayload(url, view.username);
  const address = webAddress(url);
  if (payload === null && address === null) return element("span");
  const node = element("a");
  if (payload === null) return externalLink(node, address);
  node.href = view.startAddress(payload);
  node.addEventListener("click", (event) => {
    event.preventDefault();
    view.start(payload);
  });
  return node;
}

function externalLink(node, address) {
  node.href = address.href;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  return node;
}

function attachmentNodes(message) {
  if (message.photo) return [photo(message.photo.at(-1))];
  if (message.document) return [file(message.document)];
  if (message.voice) return [element("p", "kind", "Pesan suara")];
  if (message.sticker) return [element("p", "kind", `Stiker ${message.sticker.emoji ?? ""}`)];
  return [];
}

function photo(size) {
  const node = element("a", "photo");
  node.href = fileAddress(size.file_id);
  node.target = "_blank";
  const image = element("img");
  image.src = node.href;
  image.alt = "Foto; buka dalam ukuran penuh";
  image.width = size.width;
  image.height = size.height;
  node.append(image);
  return node;
}

function file(sent) {
  const node = element("a", "file");
  node.href = fileAddress(sent.file_id);
  node.download = sent.file_name ?? "berkas";
  node.append(element("bdi", "", node.download), element("small", "", sizeText(sent.file_size)));
  return node;
}

function sizeText(bytes) {
  const kilobytes = Math.max(1, Math.round(bytes / 1024));
  return kilobytes < 1024 ? `${kilobytes} kB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

function keyboard(message, view) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return [];
  const keys = element("div", "keys");
  for (const row of rows) {
    const line = element("div", "row");
    line.append(...row.map((button) => key(button, message, view)));
    keys.append(line);
  }
  return [keys];
}

function key(button, message, view) {
  const payload = button.url ? startPayload(button.url, view.username) : null;
  const address = button.url && payload === null ? webAddress(button.url) : null;
  const node = element(address ? "a" : "button", "key", button.text);
  if (address) externalLink(node, address);
  else node.addEventListener("click", () => press(button, payload, message, view, node));
  return node;
}

function press(button, payload, message, view, node) {
  if (payload !== null) view.start(payload);
  else if (button.callback_data) view.tap(message, button.callback_data, node);
  else if (button.copy_text) copy(button.copy_text.text, view);
  else view.note("Tombol jenis ini tidak ditiru di sini.");
}

async function copy(text, view) {
  await navigator.clipboard.writeText(text);
  view.note("Disalin.");
}

/** The text of a service message; empty for any other message. */
function serviceText(message) {
  const names = (people) => people.map((person) => person.first_name).join(", ");
  if (message.new_chat_members) return `${names(message.new_chat_members)} masuk ke grup`;
  if (message.left_chat_member) return `${message.left_chat_member.first_name} keluar dari grup`;
  if (message.group_chat_created || message.supergroup_chat_created) return "Grup dibuat";
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return "Grup menjadi supergrup";
  if (message.forum_topic_created) return `Topik “${message.forum_topic_created.name}” dibuka`;
  if (message.pinned_message) return `${sender(message)} menyematkan pesan`;
  return "";
}

/** A new element with a class and a text. */
export function element(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (tag === "button") node.type = "button";
  node.textContent = text;
  return node;
}
