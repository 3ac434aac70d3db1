/**
 * What vouches for a stored state: `{"digest":"…","version":1,…}`, whose first member is the SHA-256 of the others'
 * text and of the form that they were written in.
 *
 * A state that a service of this very form wrote, and nobody touched, needs no check of each of its values. That is
 * nearly every state that a tick reads, in an isolate that has just begun and would have to build the schemas first.
 */
import { sha256 } from "../files/blob.ts";

/** Bump it when the meaning of a stored field changes: older values then read as the empty state. */
export const STATE_VERSION = 1;

/** Names the stored forms of `schema.ts`; a test says which it must be, so that no other form is ever taken for it. */
export const STORED_FORM = "c006f42010591069";

/** @param json an object's text, with at least one member and without white space */
export function seal(json: string): string {
  const members = json.slice(1);
  return `{"digest":"${digestOf(members)}",${members}`;
}

export function isSealed(text: string): boolean {
  const [start, digest] = /^\{"digest":"([0-9a-f]{64})",/.exec(text) ?? [];
  return start !== undefined && digest === digestOf(text.slice(start.length));
}

function digestOf(members: string): string {
  return sha256(`${STORED_FORM}\n${members}`);
}
