import {
  firstMember,
  indexMembers,
  type Member,
  makeMember,
  nextMember,
  readMembersFrom,
  readName,
} from "./members.ts";
import { skipValue } from "./scan.ts";
import { walkValue } from "./walk.ts";

/** The members of two objects, as `readMembers` gives them, and what was learnt on the way. */
export interface PairedMembers {
  readonly a: readonly Member[];
  readonly b: readonly Member[];
  /** Members of `b` by members of `a` that have the same name and mean the same. */
  readonly same: ReadonlyMap<Member, Member>;
  /** Whether no others do. */
  readonly isComplete: boolean;
  /** Whether `a` is known to be just as its check wants it. */
  readonly isPrinted: boolean;
}

/**
 * Reads two JSON object texts, checking and comparing them in one go: side by side as long as their names are in the
 * same order, then the rest of `a`, and each member of `b` beside its namesake.
 * @throws JsonTextError when one of them is not exactly one JSON object
 */
export function pairMembers(a: string, b: string): PairedMembers {
  const pairing: Pairing = { a, b, membersA: [], membersB: [], same: new Map() };
  const rest = readInStep(pairing);
  for (const member of readMembersFrom(a, rest.atA)) pairing.membersA.push(member);
  readByName(pairing, rest.atB);
  return { a: pairing.membersA, b: pairing.membersB, same: pairing.same, isComplete: false, isPrinted: false };
}

interface Pairing {
  readonly a: string;
  readonly b: string;
  readonly membersA: Member[];
  readonly membersB: Member[];
  readonly same: Map<Member, Member>;
}

/** Reads both up to where their names differ, or one ends. @returns where they go on, `null` at the end */
function readInStep({ a, b, membersA, membersB, same }: Pairing): { atA: number | null; atB: number | null } {
  let atA = firstMember(a);
  let atB = firstMember(b);
  while (atA !== null && atB !== null) {
    const nameA = readName(a, atA);
    const nameB = readName(b, atB);
    if (nameA.name !== nameB.name) break;
    const ends = walkPair(a, nameA.valueStart, b, nameB.valueStart);
    const memberA = makeMember({ text: a, start: atA, ...nameA, end: ends.a });
    const memberB = makeMember({ text: b, start: atB, ...nameB, end: ends.b });
    membersA.push(memberA);
    membersB.push(memberB);
    if (ends.isSame) same.set(memberA, memberB);
    atA = nextMember(a, memberA.end);
    atB = nextMember(b, memberB.end);
  }
  return { atA, atB };
}

/** Reads the rest of `b` after all of `a`. */
function readByName({ a, b, membersA, membersB, same }: Pairing, start: number | null): void {
  if (start === null) return;
  const namesakes = indexMembers(membersA);
  for (let at: number | null = start; at !== null; ) {
    const name = readName(b, at);
    const namesake = namesakes.get(name.name);
    const ends = namesake && walkPair(a, namesake.valueStart, b, name.valueStart);
    const end = ends ? ends.b : skipValue(b, name.valueStart, 1);
    const member = makeMember({ text: b, start: at, ...name, end });
    membersB.push(member);
    if (namesake && ends?.isSame) same.set(namesake, member);
    at = nextMember(b, end);
  }
}

/** Where two values end, and whether they are known to mean the same. */
function walkPair(a: string, atA: number, b: string, atB: number): { isSame: boolean; a: number; b: number } {
  const walk = { a, b, atA, atB, depth: 1 };
  if (walkValue(walk)) return { isSame: true, a: walk.atA, b: walk.atB };
  return { isSame: false, a: skipValue(a, atA, 1), b: skipValue(b, atB, 1) };
}
