/**
 * JSON as a tree that keeps what JavaScript objects lose: key order (also of integer-like keys), `__proto__` as a
 * plain key, and every number's spelling. A repeated key is handled as Python's `json.loads` does it: the last value
 * wins, at the place of the first.
 */
export type JsonNode =
  | { readonly kind: "object"; readonly entries: Map<string, JsonNode> }
  | { readonly kind: "array"; readonly items: JsonNode[] }
  | { readonly kind: "string"; readonly value: string }
  /** A number, true, false or null, as it is spelt. */
  | { readonly kind: "literal"; readonly source: string };

export function parseLossless(text: string): JsonNode {
  const cursor = { text, at: 0 };
  const node = parseValue(cursor);
  skipSpace(cursor);
  if (cursor.at < text.length) throw new SyntaxError(`unexpected text at ${cursor.at}`);
  return node;
}

/** The entries of a category's text: a JSON object. */
export function parseEntries(text: string): Map<string, JsonNode> {
  const node = parseLossless(text);
  if (node.kind !== "object") throw new SyntaxError("a category must be a JSON object");
  return node.entries;
}

interface Cursor {
  readonly text: string;
  at: number;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[[\]{}:,]/y;

function parseValue(cursor: Cursor): JsonNode {
  const token = next(cursor);
  if (token === "{") return parseObject(cursor);
  if (token === "[") return parseArray(cursor);
  if (token.startsWith('"')) return { kind: "string", value: unquote(token) };
  if (/^[\]}:,]$/.test(token)) throw new SyntaxError(`unexpected ${token} at ${cursor.at}`);
  return { kind: "literal", source: token };
}

function parseObject(cursor: Cursor): JsonNode {
  const entries = new Map<string, JsonNode>();
  for (let token = next(cursor); token !== "}"; token = next(cursor)) {
    const key = entries.size === 0 && token !== "," ? token : token === "," ? next(cursor) : "";
    if (!key.startsWith('"') || next(cursor) !== ":") throw new SyntaxError(`expected a key at ${cursor.at}`);
    entries.set(unquote(key), parseValue(cursor));
  }
  return { kind: "object", entries };
}

function parseArray(cursor: Cursor): JsonNode {
  const items: JsonNode[] = [];
  skipSpace(cursor);
  if (cursor.text[cursor.at] === "]") {
    cursor.at += 1;
    return { kind: "array", items };
  }
  for (;;) {
    items.push(parseValue(cursor));
    const token = next(cursor);
    if (token === "]") return { kind: "array", items };
    if (token !== ",") throw new SyntaxError(`expected , or ] at ${cursor.at}`);
  }
}

function unquote(token: string): string {
  const value: unknown = JSON.parse(token);
  if (typeof value !== "string") throw new SyntaxError("expected a string");
  return value;
}

function next(cursor: Cursor): string {
  skipSpace(cursor);
  TOKEN.lastIndex = cursor.at;
  const match = TOKEN.exec(cursor.text);
  if (match === null) throw new SyntaxError(`unexpected text at ${cursor.at}`);
  cursor.at += match[0].length;
  return match[0];
}

function skipSpace(cursor: Cursor): void {
  while (" \t\r\n".includes(cursor.text[cursor.at] ?? "x")) cursor.at += 1;
}
