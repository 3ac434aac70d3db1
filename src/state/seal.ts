/**
 * What vouches for a stored state: `{"digest":"…","version":1,…}`, whose first member is the SHA-256 of the others'
 * text and of the form that they were written in.
 *
 * A state that a service of this very form wrote, and nobody touched, needs no check of each of its values. That is
 * nearly every state that a tick reads, in an isolate that has just begun and would have to build the schemas first.
 */
/** Bump it when the meaning of a stored field changes: older values then read as the empty state. */
export const STATE_VERSION = 1;

/** Names the stored forms of `schema.ts`; a test says which it must be, so that no other form is ever taken for it. */
export const STORED_FORM = "912a416d86f1bf0f";

/** @param json an object's text, with at least one member and without white space */
export async function seal(json: string): Promise<string> {
  const members = json.slice(1);
  return `{"digest":"${await digestOf(members)}",${members}`;
}

export async function isSealed(text: string): Promise<boolean> {
  const [start, digest] = /^\{"digest":"([0-9a-f]{64})",/.exec(text) ?? [];
  return start !== undefined && digest === (await digestOf(text.slice(start.length)));
}

/** By the platform's own function, which is there at once: Node's builds its streams first. */
async function digestOf(members: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${STORED_FORM}\n${members}`);
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
