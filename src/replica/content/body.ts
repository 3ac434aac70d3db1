/**
 * Bodies in their forms: how they are made of a text, and by what names they are known. Pure.
 */
import { createHash } from "node:crypto";
import { once } from "../../core/once.ts";
import { indexMembers, readMembers } from "../../files/json/members.ts";
import { CONVERSION } from "../convert/convert.ts";
import { GROUPING } from "../convert/text/grouped-models.ts";
import { createPayload } from "./payload.ts";
import type { Body, Form } from "./reference.ts";
import { type SourceShas, signatureOf } from "./sources.ts";

/** @param bytes of a JSON object of records */
export function createBody(bytes: Uint8Array<ArrayBuffer>, leftOut: number): Body {
  return {
    payload: createPayload(bytes),
    leftOut,
    records: once(() => {
      const members = indexMembers(readMembers(new TextDecoder().decode(bytes)));
      return new Map(Array.from(members.values(), ({ name, value }) => [name, value]));
    }),
  };
}

/** Part of the names of bodies that are made of several files. Change it when the same files shall give another text. */
const COMPOSITION = "v1.1";

/** Names a category's content: one file by its blob SHA, several by a SHA-1 over theirs. */
export function revisionOf(shas: SourceShas): string {
  const named = Object.values(shas);
  const [only = null] = named;
  if (named.length === 1 && only !== null) return only;
  return createHash("sha1")
    .update(`${COMPOSITION} ${signatureOf(shas)}`)
    .digest("hex");
}

/** Names a body among all that its category ever had: `1b2c…`, `1b2c…-v2.1`. */
export function bodyName(revision: string, form: Form): string {
  switch (form) {
    case "v1":
      return revision;
    case "v1-grouped":
      return `${revision}-${GROUPING}`;
    case "v2":
      return `${revision}-${CONVERSION}`;
  }
}
