import { JsonTextError } from "./json-text-error.ts";
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  checkDepth,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipColon,
  skipSpace,
  skipString,
  skipToSeparator,
  skipValue,
} from "./scan.ts";
import { decodeString } from "./strings.ts";

/** Where a node stands in the text it was read from: from its first character to the offset behind its last. */
interface Place {
  readonly start: number;
  readonly end: number;
}

export interface MemberNode extends Place {
  readonly name: string;
  readonly value: JsonNode;
}

export type ObjectNode = Place & { readonly kind: "object"; readonly members: readonly MemberNode[] };
export type ArrayNode = Place & { readonly kind: "array"; readonly items: readonly JsonNode[] };
export type StringNode = Place & { readonly kind: "string"; readonly content: string };
export type NumberNode = Place & { readonly kind: "number"; readonly source: string };
/** `true`, `false` or `null`, or one of the further words that the reader was told. */
export type WordNode = Place & { readonly kind: "word"; readonly source: string };

/** A JSON value that remembers its place in the text. Members keep their order and duplicates, numbers their digits. */
export type JsonNode = ObjectNode | ArrayNode | StringNode | NumberNode | WordNode;

/**
 * Reads a text that is exactly one JSON value, white space around it allowed.
 *
 * @param words that stand for a value beyond JSON's own, such as `NaN`
 * @throws JsonTextError
 */
export function parseNode(text: string, words: readonly string[] = []): JsonNode {
  const node = readNode(text, skipSpace(text, 0), 0, words);
  const end = skipSpace(text, node.end);
  if (end < text.length) throw new JsonTextError(text, end, "nothing after the value");
  return node;
}

/** Reads the value that starts at `start`, whatever follows it. @throws JsonTextError */
export function readNode(text: string, start: number, depth = 0, words: readonly string[] = []): JsonNode {
  const code = text.charCodeAt(start);
  if (code === OPEN_BRACE) return readObject(text, start, depth + 1, words);
  if (code === OPEN_BRACKET) return readArray(text, start, depth + 1, words);
  if (code === QUOTE) {
    const end = skipString(text, start);
    return { kind: "string", start, end, content: decodeString(text, start, end) };
  }
  const word = words.find((candidate) => text.startsWith(candidate, start));
  if (word !== undefined) return { kind: "word", start, end: start + word.length, source: word };
  const end = skipValue(text, start);
  const source = text.slice(start, end);
  return code >= 0x61 ? { kind: "word", start, end, source } : { kind: "number", start, end, source };
}

function readObject(text: string, start: number, depth: number, words: readonly string[]): ObjectNode {
  checkDepth(text, start, depth);
  const members: MemberNode[] = [];
  let at = skipSpace(text, start + 1);
  while (members.length > 0 || text.charCodeAt(at) !== CLOSE_BRACE) {
    const nameEnd = skipString(text, at);
    const value = readNode(text, skipColon(text, nameEnd), depth, words);
    members.push({ name: decodeString(text, at, nameEnd), value, start: at, end: value.end });
    at = skipToSeparator(text, value.end, CLOSE_BRACE);
    if (text.charCodeAt(at) === CLOSE_BRACE) break;
    at = skipSpace(text, at + 1);
  }
  return { kind: "object", start, end: at + 1, members };
}

function readArray(text: string, start: number, depth: number, words: readonly string[]): ArrayNode {
  checkDepth(text, start, depth);
  const items: JsonNode[] = [];
  let at = skipSpace(text, start + 1);
  while (items.length > 0 || text.charCodeAt(at) !== CLOSE_BRACKET) {
    const item = readNode(text, at, depth, words);
    items.push(item);
    at = skipToSeparator(text, item.end, CLOSE_BRACKET);
    if (text.charCodeAt(at) === CLOSE_BRACKET) break;
    at = skipSpace(text, at + 1);
  }
  return { kind: "array", start, end: at + 1, items };
}
