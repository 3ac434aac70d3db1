import { BACKSLASH } from "./scan.ts";

/**
 * A JSON string exactly as Python's `json.dumps(value)` writes it.
 *
 * The short escapes are `\" \\ \n \r \t \b \f`; everything else outside space…`~` becomes lower-case `\uXXXX`, as
 * surrogate pairs beyond U+FFFF: `—` is `"\u2014"`, `😀` is `"\ud83d\ude00"`, DEL is `"\u007f"`.
 */
export function quoteAscii(value: string): string {
  const quoted = JSON.stringify(value);
  return ONLY_PRINTABLE_ASCII.test(quoted) ? quoted : quoted.replace(NOT_PRINTABLE_ASCII, escapeUnit);
}

/**
 * A JSON string as Python's `json.dumps(value, ensure_ascii=False)` writes it: only quotes, backslashes and control
 * characters are escaped. A surrogate without its partner is escaped too, because UTF-8 cannot hold it raw.
 */
export function quoteRaw(value: string): string {
  return JSON.stringify(value);
}

/** What the JSON string at `start`…`end` of `text`, quotes included, stands for. The string must be well-formed. */
export function decodeString(text: string, start: number, end: number): string {
  for (let at = start + 1; at < end - 1; at += 1) {
    if (text.charCodeAt(at) === BACKSLASH) return String(JSON.parse(text.slice(start, end)));
  }
  return text.slice(start + 1, end - 1);
}

const ONLY_PRINTABLE_ASCII = /^[ -~]*$/;
/** One UTF-16 code unit at a time: no `u` flag. */
const NOT_PRINTABLE_ASCII = /[^ -~]/g;

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
