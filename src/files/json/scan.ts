import { JsonTextError } from "./json-text-error.ts";

/**
 * Steps over JSON text (RFC 8259) by offset: each function takes the offset where its element starts, checks it
 * strictly and returns the offset behind it. Nothing is built, so that a file is read without leaving its bytes.
 */

/** Deeper values are refused, so that hostile input cannot exhaust the stack. */
export const MAX_DEPTH = 500;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
const COLON = 0x3a;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;

/** Over any one value. @throws JsonTextError */
export function skipValue(text: string, start: number, depth = 0): number {
  const code = text.charCodeAt(start);
  if (code === QUOTE) return skipString(text, start);
  if (code === OPEN_BRACE) return skipObject(text, start, depth + 1);
  if (code === OPEN_BRACKET) return skipArray(text, start, depth + 1);
  if (code === MINUS || isDigit(code)) return skipNumber(text, start);
  return skipWord(text, start);
}

/** Over white space, if there is any. */
export function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code > 0x20 || !isSpace(code)) return at;
    at += 1;
  }
  return at;
}

/** Over a string with its quotes. @throws JsonTextError */
export function skipString(text: string, start: number): number {
  if (text.charCodeAt(start) !== QUOTE) throw new JsonTextError(text, start, 'a string in "double quotes"');
  let at = start + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at = skipEscape(text, at);
    else if (code >= 0x20) at += 1;
    else throw new JsonTextError(text, at, 'a closing "');
  }
}

/** Over the colon between a name and its value, and the white space around it. @throws JsonTextError */
export function skipColon(text: string, start: number): number {
  const at = skipSpace(text, start);
  if (text.charCodeAt(at) !== COLON) throw new JsonTextError(text, at, '":"');
  return skipSpace(text, at + 1);
}

/**
 * Over what follows an element of an object or array, to its next element or its end.
 * @returns the offset of the comma or of `close`. @throws JsonTextError
 */
export function skipToSeparator(text: string, start: number, close: number): number {
  const at = skipSpace(text, start);
  const code = text.charCodeAt(at);
  if (code === COMMA || code === close) return at;
  throw new JsonTextError(text, at, `"," or "${String.fromCharCode(close)}"`);
}

/** @throws JsonTextError when a container at `start` would be the `depth`-th one around a value, and that is too deep */
export function checkDepth(text: string, start: number, depth: number): void {
  if (depth > MAX_DEPTH) throw new JsonTextError(text, start, `at most ${MAX_DEPTH} nested values`);
}

function skipObject(text: string, start: number, depth: number): number {
  checkDepth(text, start, depth);
  let at = skipSpace(text, start + 1);
  if (text.charCodeAt(at) === CLOSE_BRACE) return at + 1;
  for (;;) {
    at = skipColon(text, skipString(text, at));
    at = skipToSeparator(text, skipValue(text, at, depth), CLOSE_BRACE);
    if (text.charCodeAt(at) === CLOSE_BRACE) return at + 1;
    at = skipSpace(text, at + 1);
  }
}

function skipArray(text: string, start: number, depth: number): number {
  checkDepth(text, start, depth);
  let at = skipSpace(text, start + 1);
  if (text.charCodeAt(at) === CLOSE_BRACKET) return at + 1;
  for (;;) {
    at = skipToSeparator(text, skipValue(text, at, depth), CLOSE_BRACKET);
    if (text.charCodeAt(at) === CLOSE_BRACKET) return at + 1;
    at = skipSpace(text, at + 1);
  }
}

function skipEscape(text: string, start: number): number {
  const letter = text.charAt(start + 1);
  if (letter === "u") {
    for (let at = start + 2; at < start + 6; at += 1) {
      if (!isHexDigit(text.charCodeAt(at))) throw new JsonTextError(text, at, "four hexadecimal digits after \\u");
    }
    return start + 6;
  }
  if (letter === "" || !'"\\/bfnrt'.includes(letter)) throw new JsonTextError(text, start + 1, "an escape letter");
  return start + 2;
}

function skipNumber(text: string, start: number): number {
  let at = text.charCodeAt(start) === MINUS ? start + 1 : start;
  at = text.charCodeAt(at) === ZERO ? at + 1 : skipDigits(text, at);
  if (text.charCodeAt(at) === DOT) at = skipDigits(text, at + 1);
  if ((text.charCodeAt(at) | 0x20) !== 0x65) return at;
  const sign = text.charAt(at + 1);
  return skipDigits(text, sign === "+" || sign === "-" ? at + 2 : at + 1);
}

function skipDigits(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at += 1;
  if (at === start) throw new JsonTextError(text, at, "a digit");
  return at;
}

function skipWord(text: string, start: number): number {
  for (const word of ["true", "false", "null"]) {
    if (text.startsWith(word, start)) return start + word.length;
  }
  throw new JsonTextError(text, start, "a value");
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isHexDigit(code: number): boolean {
  return isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);
}
