/** Which records of two texts mean the same, told natively. Pure. */
import { type NativeMember, readNativeMembers } from "./native-members.ts";
import type { PairedMembers } from "./pair-members.ts";
import type { RecordRules } from "./record-rules.ts";

/**
 * What `pairMembers` tells, for the price of parsing both texts natively; `null` where they need to be read
 * losslessly. All that means the same is known then.
 */
export function pairNatively(a: string, b: string, { ignoresNull }: RecordRules): PairedMembers | null {
  const membersA = readNativeMembers(a);
  const membersB = membersA && readNativeMembers(b);
  if (membersA === null || membersB === null) return null;
  const namesakes = new Map(membersA.map((member) => [member.name, member]));
  const same = new Map<NativeMember, NativeMember>();
  for (const member of membersB) {
    const namesake = namesakes.get(member.name);
    if (namesake !== undefined && isSame(namesake.native, member.native, ignoresNull)) same.set(namesake, member);
  }
  return { a: membersA, b: membersB, same, isComplete: true };
}

function isSame(a: unknown, b: unknown, ignoresNull: boolean): boolean {
  return JSON.stringify(a) === JSON.stringify(b) || isReordered(a, b, ignoresNull);
}

/** The same but for the order of fields and, where that means nothing, for fields that are null. */
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
