/**
 * A category's body in one form: from memory, else as it was kept, else converted.
 */
import { bodyName } from "../content/body.ts";
import type { ReplicaContent } from "../content/content.ts";
import type { Body, Form } from "../content/reference.ts";
import type { Place } from "../store/places.ts";
import type { ReplicaContext } from "./context.ts";
import { keptForms } from "./keep-content.ts";

/** @throws SyncError `legacy-malformed` */
export async function readBody(
  place: Place,
  content: ReplicaContent,
  form: Form,
  context: ReplicaContext,
): Promise<Body> {
  const known = content.known(form);
  if (known !== null) return known;
  // Groups need the body that they are made of.
  if (form === "v1-grouped") await readBody(place, content, "v1", context);
  if (!keptForms(place).includes(form)) return content.make(form);
  const { bodies, stateOf, change } = context;
  const name = bodyName(content.revision, form);
  const kept = await bodies.find(place, name);
  if (kept !== null) {
    content.take(form, kept);
    return kept;
  }
  // What the record in KV promises is not there: the next look at the category writes it again.
  if (stateOf(place).served?.content === content) change(place, { isKeptWhole: false, keptSignature: null });
  const made = content.make(form);
  bodies.share(place, name, made);
  return made;
}
