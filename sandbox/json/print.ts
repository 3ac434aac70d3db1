import { type JsonNode, parseLossless } from "./lossless.ts";

export interface PrintStyle {
  /** What one level is indented by: `"  "`, `"    "`, a tab. */
  readonly indent: string;
  /** Escape everything outside space…`~`, as Python does by default. */
  readonly isAscii: boolean;
}

/** The image repository's layout and db.json's: `json.dumps(indent=4)`. */
export const CANONICAL: PrintStyle = { indent: "    ", isAscii: true };
/** What PRIMARY writes after an edit: `json.dumps(indent=2, ensure_ascii=False)`. */
export const EDITED: PrintStyle = { indent: "  ", isAscii: false };

/** Prints as Python's `json.dumps` with an indent does; no final newline. */
export function printJson(node: JsonNode, style: PrintStyle, depth = 0): string {
  switch (node.kind) {
    case "literal":
      return node.source;
    case "string":
      return quote(node.value, style.isAscii);
    case "array": {
      const lines = node.items.map((item) => printJson(item, style, depth + 1));
      return wrap({ open: "[", lines, close: "]", style, depth });
    }
    case "object": {
      const lines = [...node.entries].map(
        ([key, value]) => `${quote(key, style.isAscii)}: ${printJson(value, style, depth + 1)}`,
      );
      return wrap({ open: "{", lines, close: "}", style, depth });
    }
  }
}

/** A JavaScript value, or JSON text, as a tree. Text is the way to give spellings and key orders that objects lose. */
export function toNode(value: object | string): JsonNode {
  return parseLossless(typeof value === "string" ? value : JSON.stringify(value));
}

function wrap(part: { open: string; lines: string[]; close: string; style: PrintStyle; depth: number }): string {
  if (part.lines.length === 0) return part.open + part.close;
  const inner = `\n${part.style.indent.repeat(part.depth + 1)}`;
  const outer = `\n${part.style.indent.repeat(part.depth)}`;
  return part.open + inner + part.lines.join(`,${inner}`) + outer + part.close;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
  "\b": "\\b",
};

function quote(text: string, isAscii: boolean): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped
  const pattern = isAscii ? /["\\]|[^ -~]/g : /["\\\u0000-\u001f]/g;
  const escaped = (unit: string) => SHORT_ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `"${text.replace(pattern, escaped)}"`;
}
