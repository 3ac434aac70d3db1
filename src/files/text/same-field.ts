import { sameMeaning } from "../json/same-meaning.ts";

/**
 * Whether two fields mean the same, given as JSON texts; an absent one is only the same as an absent one.
 *
 * Nearly all fields are equal texts or strings, which are told apart without the normal forms of `sameMeaning`.
 */
export function sameField(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  if (isString(a) || isString(b)) return isString(a) && isString(b) && JSON.parse(a) === JSON.parse(b);
  return sameMeaning(a, b);
}

function isString(text: string): boolean {
  return text.charCodeAt(0) === QUOTE;
}

const QUOTE = 0x22;
