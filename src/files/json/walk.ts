import { canonicalNumber } from "./numbers.ts";
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  MAX_DEPTH,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipColon,
  skipSpace,
  skipString,
  skipValue,
} from "./scan.ts";
import { decodeString } from "./strings.ts";

/** Two texts and how far the walk is in each. */
export interface Walk {
  readonly a: string;
  readonly b: string;
  atA: number;
  atB: number;
  /** How many containers of this value the walk is in. */
  depth: number;
}

/**
 * Steps over one value in both texts, as long as they mean the same token by token.
 *
 * `true` says that both were well-formed and mean the same. `false` says nothing: they may be reordered, different
 * or malformed, and the offsets are wherever the walk ended.
 * @throws JsonTextError when it meets a malformed token
 */
export function walkValue(walk: Walk): boolean {
  const code = walk.a.charCodeAt(walk.atA);
  if (code === QUOTE) return walkString(walk);
  if (code === OPEN_BRACE) return walkContainer(walk, code, CLOSE_BRACE);
  if (code === OPEN_BRACKET) return walkContainer(walk, code, CLOSE_BRACKET);
  return walkScalar(walk, code);
}

function walkContainer(walk: Walk, open: number, close: number): boolean {
  walk.depth += 1;
  if (walk.depth > MAX_DEPTH || !walkToken(walk, open)) return false;
  if (walk.a.charCodeAt(walk.atA) === close) return walkEnd(walk, close);
  for (;;) {
    if (open === OPEN_BRACE && !walkName(walk)) return false;
    if (!walkValue(walk)) return false;
    walk.atA = skipSpace(walk.a, walk.atA);
    walk.atB = skipSpace(walk.b, walk.atB);
    if (walk.a.charCodeAt(walk.atA) === close) return walkEnd(walk, close);
    if (!walkToken(walk, COMMA)) return false;
  }
}

/** Over the bracket that ends a container, known to stand in `a`. */
function walkEnd(walk: Walk, close: number): boolean {
  if (walk.b.charCodeAt(walk.atB) !== close) return false;
  walk.atA += 1;
  walk.atB += 1;
  walk.depth -= 1;
  return true;
}

/** Over a punctuation mark and the white space behind it. */
function walkToken(walk: Walk, token: number): boolean {
  if (walk.a.charCodeAt(walk.atA) !== token || walk.b.charCodeAt(walk.atB) !== token) return false;
  walk.atA = skipSpace(walk.a, walk.atA + 1);
  walk.atB = skipSpace(walk.b, walk.atB + 1);
  return true;
}

function walkName(walk: Walk): boolean {
  if (!walkString(walk)) return false;
  walk.atA = skipColon(walk.a, walk.atA);
  walk.atB = skipColon(walk.b, walk.atB);
  return true;
}

function walkString(walk: Walk): boolean {
  const { a, b } = walk;
  let atA = walk.atA;
  let atB = walk.atB;
  if (a.charCodeAt(atA) !== QUOTE || b.charCodeAt(atB) !== QUOTE) return false;
  for (;;) {
    atA += 1;
    atB += 1;
    const code = a.charCodeAt(atA);
    if (code !== b.charCodeAt(atB)) return walkRespelledString(walk);
    if (code === QUOTE) break;
    if (code === BACKSLASH || !(code >= 0x20)) return walkRespelledString(walk);
  }
  walk.atA = atA + 1;
  walk.atB = atB + 1;
  return true;
}

/** Over two strings with escapes or with different characters, such as `"\u2014"` and `"—"`. */
function walkRespelledString(walk: Walk): boolean {
  const endA = skipString(walk.a, walk.atA);
  const endB = skipString(walk.b, walk.atB);
  const same =
    walk.a.slice(walk.atA, endA) === walk.b.slice(walk.atB, endB) ||
    decodeString(walk.a, walk.atA, endA) === decodeString(walk.b, walk.atB, endB);
  walk.atA = endA;
  walk.atB = endB;
  return same;
}

function walkScalar(walk: Walk, code: number): boolean {
  const other = walk.b.charCodeAt(walk.atB);
  if (isWordStart(code) ? other !== code : !isNumberStart(other)) return false;
  const endA = skipValue(walk.a, walk.atA);
  const endB = skipValue(walk.b, walk.atB);
  const sourceA = walk.a.slice(walk.atA, endA);
  const sourceB = walk.b.slice(walk.atB, endB);
  walk.atA = endA;
  walk.atB = endB;
  return sourceA === sourceB || (!isWordStart(code) && canonicalNumber(sourceA) === canonicalNumber(sourceB));
}

/** `t`, `f` or `n`: the first letter tells which word it is. */
function isWordStart(code: number): boolean {
  return code >= 0x61;
}

/** A digit or a minus. */
function isNumberStart(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d;
}
