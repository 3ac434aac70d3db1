/** Regular expressions for JSON as Python's `json.dumps` prints it: what is plain, and nothing else. Pure. */

const PLAIN = "[ !#-[\\]-~]*";

/** A string with its quotes, in a text of which `hasOddEscape` is false. Short, because it is compiled many times over. */
export const PRINTED_TEXT = `"${PLAIN}(?:\\\\[ -~]${PLAIN})*"`;
/** Of so few digits that a double has them all. */
export const PRINTED_INTEGER = "(?:0|-?[1-9]\\d{0,14})";
/** A fraction of few digits, which is its own shortest spelling: not so small that Python gives it an exponent. */
export const PRINTED_FRACTION = "-?(?:0\\.(?!0000)|[1-9]\\d{0,9}\\.)(?:0|\\d{0,4}[1-9])";
/** Objects of any names that have more members are not looked at: whether a name is there twice is asked for each. */
export const MOST_PRINTED = 16;

/** Where an escape begins, backslashes that are escaped themselves left behind. */
const BEGINNING = "(?<!\\\\)(?:\\\\\\\\)*\\\\";
/** Behind a `u`: control characters without a short escape, DEL, all beyond ASCII, and both halves of a character. */
const UNIT = [
  "00(?:0[0-7bef]|1[\\da-f]|7f|[89a-f][\\da-f])",
  "0[1-9a-f][\\da-f]{2}|[1-9a-cef][\\da-f]{3}|d[0-7][\\da-f]{2}",
  "d[89ab][\\da-f]{2}\\\\ud[c-f][\\da-f]{2}",
  `(?<=${BEGINNING}ud[89ab][\\da-f]{2}\\\\u)d[c-f][\\da-f]{2}`,
].join("|");
const ODD_ESCAPE = new RegExp(`${BEGINNING}(?:[^"\\\\bfnrtu]|u(?!${UNIT}))`);

/** Whether Python spells one of the text's escapes in another way, or it is half of a character. */
export function hasOddEscape(text: string): boolean {
  return ODD_ESCAPE.test(text);
}
