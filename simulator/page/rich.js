/**
 * Text with Telegram's entities as DOM nodes. Offsets are UTF-16 units, as JavaScript counts.
 * Nothing anybody wrote is ever read as markup.
 */

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

/**
 * @param {string} text
 * @param {{type: string, offset: number, length: number, url?: string}[]} entities
 * @param {{link: (url: string) => Element, command: (text: string) => Element}} make empty nodes
 * @returns {DocumentFragment}
 */
export function rich(text, entities = [], make) {
  const waiting = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const fragment = document.createDocumentFragment();
  fill(fragment, text, 0, text.length, waiting, make);
  return fragment;
}

function fill(parent, text, from, to, waiting, make) {
  let at = from;
  while (waiting.length && waiting[0].offset < to) {
    const entity = waiting.shift();
    const begin = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    if (end <= begin) continue;
    const node = marked(entity, text.slice(begin, end), make);
    parent.append(text.slice(at, begin), node);
    fill(node, text, begin, end, waiting, make);
    at = end;
  }
  parent.append(text.slice(at, to));
}

function marked(entity, inner, make) {
  switch (entity.type) {
    case "text_link":
      return make.link(entity.url);
    case "url":
      return make.link(inner);
    case "bot_command":
      return make.command(inner);
    case "spoiler":
      return spoiler();
    default:
      return document.createElement(TAGS[entity.type] ?? "span");
  }
}

function spoiler() {
  const node = document.createElement("span");
  node.className = "spoiler";
  node.tabIndex = 0; // shown while pointed at or focused
  return node;
}

/** The address when a browser may follow it: http and https only; null for anything else. */
export function followable(url) {
  try {
    const read = new URL(url.includes("://") ? url : `https://${url}`);
    return ["http:", "https:"].includes(read.protocol) ? read : null;
  } catch {
    return null;
  }
}

/** What a link to this bot carries as START payload; null when it leads elsewhere. */
export function payloadOf(url, username) {
  const read = followable(url);
  const isBot =
    read?.hostname === "t.me" && read.pathname.slice(1).toLowerCase() === username.toLowerCase();
  return isBot ? (read.searchParams.get("start") ?? "") : null;
}
