/** Which records of a file and of PRIMARY's answer mean the same, told natively. Pure. */
import { indexMembers, type Member } from "./members.ts";
import { hasEscapedName, readNativeMembers } from "./native-members.ts";
import type { PairedMembers } from "./pair-members.ts";
import type { RecordRules } from "./record-rules.ts";
import { MAX_DEPTH } from "./scan.ts";

/**
 * What `pairMembers` tells, and all that means the same, for little more than the price of parsing both; `null` where the
 * texts need to be read losslessly.
 *
 * The short way is for an `a` that is just as its check wants it, and a `b` that `readNativeMembers` takes.
 */
export function pairNatively(a: string, b: string, { readPrinted, ignoresNull }: RecordRules): PairedMembers | null {
  const membersA = readPrinted?.(a) ?? null;
  const membersB = membersA && !hasEscapedName(a) ? readNativeMembers(b) : null;
  if (membersA === null || membersB === null) return null;
  const namesakes = indexMembers(membersA);
  const same = new Map<Member, Member>();
  for (const member of membersB) {
    if (mayBeTooDeep(member)) return null;
    const namesake = namesakes.get(member.name);
    if (namesake !== undefined && isSame(JSON.parse(namesake.value), member.native, ignoresNull))
      same.set(namesake, member);
  }
  return { a: membersA, b: membersB, same, isComplete: true, isPrinted: true };
}

/** For the lossless code, and for `JSON.stringify`. Two characters hold a value no more than one deep. */
function mayBeTooDeep({ value }: Member): boolean {
  return value.length >= 2 * MAX_DEPTH && value.split("{").length + value.split("[").length > MAX_DEPTH;
}

function isSame(a: unknown, b: unknown, ignoresNull: boolean): boolean {
  return JSON.stringify(a) === JSON.stringify(b) || isReordered(a, b, ignoresNull);
}

/** Whether two values are equal but for the order of fields and, where that means nothing, for fields that are null. */
function isReordered(a: unknown, b: unknown, ignoresNull: boolean): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => isReordered(item, b[index], ignoresNull));
  }
  const counts = ([, value]: [string, unknown]) => value !== null || !ignoresNull;
  const fields = Object.entries(a).filter(counts);
  const others = new Map<string, unknown>(Object.entries(b).filter(counts));
  const isIn = ([name, value]: [string, unknown]) =>
    others.has(name) && isReordered(value, others.get(name), ignoresNull);
  return fields.length === others.size && fields.every(isIn);
}
