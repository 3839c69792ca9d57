/**
 * Text with Telegram's entities as DOM nodes. Offsets are UTF-16 code units, as in JavaScript.
 * A message text is never parsed as HTML.
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
 * @param {{link: (url: string) => Element, command: (text: string) => Element}} makeNode
 * @returns {DocumentFragment}
 */
export function formattedText(text, entities = [], makeNode) {
  const remaining = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const fragment = document.createDocumentFragment();
  fill(fragment, text, 0, text.length, remaining, makeNode);
  return fragment;
}

function fill(parent, text, from, to, remaining, makeNode) {
  let at = from;
  while (remaining.length && remaining[0].offset < to) {
    const entity = remaining.shift();
    const begin = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    if (end <= begin) continue;
    const node = entityNode(entity, text.slice(begin, end), makeNode);
    parent.append(text.slice(at, begin), node);
    fill(node, text, begin, end, remaining, makeNode);
    at = end;
  }
  parent.append(text.slice(at, to));
}

function entityNode(entity, inner, makeNode) {
  switch (entity.type) {
    case "text_link":
      return makeNode.link(entity.url);
    case "url":
      return makeNode.link(inner);
    case "bot_command":
      return makeNode.command(inner);
    case "spoiler":
      return spoiler();
    default:
      return document.createElement(TAGS[entity.type] ?? "span");
  }
}

function spoiler() {
  const node = document.createElement("span");
  node.className = "spoiler";
  node.tabIndex = 0; // the text is visible on hover and on focus
  return node;
}

/** The address as a URL when it is http or https; null for anything else. */
export function webAddress(url) {
  try {
    const parsed = new URL(url.includes("://") ? url : `https://${url}`);
    return ["http:", "https:"].includes(parsed.protocol) ? parsed : null;
  } catch {
    return null;
  }
}

/** The START payload of a link to this bot; null for a link to anything else. */
export function startPayload(url, username) {
  const parsed = webAddress(url);
  const name = parsed?.pathname.slice(1).toLowerCase();
  const isBot = parsed?.hostname === "t.me" && name === username.toLowerCase();
  return isBot ? (parsed.searchParams.get("start") ?? "") : null;
}
