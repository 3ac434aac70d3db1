/**
 * Keeps the last good content in KV with what is converted of it, where isolates without memory find it.
 *
 * The free plan has a thousand writes a day, and every isolate sees a change for itself: so the record is read before
 * anything is written, and most find that another was first.
 */
import { describeFault } from "../../core/log.ts";
import { bodyName, revisionOf } from "../content/body.ts";
import type { Form } from "../content/reference.ts";
import { signatureOf } from "../content/sources.ts";
import { summarize } from "../content/summary.ts";
import type { Files } from "../store/blobs.ts";
import { printStoredBody } from "../store/bodies.ts";
import type { Served } from "../store/memory.ts";
import type { Place } from "../store/places.ts";
import { mayWrite, type StoredCategory } from "../store/stored-categories.ts";
import type { ReplicaContext } from "./context.ts";

/** @param files what was just fetched; without, the caches are asked again. Never rejects. */
export async function keepContent(place: Place, context: ReplicaContext, files?: Files): Promise<void> {
  const { options, stored, stateOf, change, isOlder } = context;
  const { served, isKeptWhole } = stateOf(place);
  if (served === null) return;
  change(place, { keptAt: options.clock.now() });
  try {
    const before = await stored.read(place.storedName);
    const isThere = before !== null && isKeptWhole && isRecordOf(before, place, served);
    // Another location may have seen what is newer.
    if (!isThere && before !== null && isOlder(served.checkedAt, before)) return;
    if (!isThere && before !== null && !mayWrite(before, options.clock.now())) return;
    const { records, issues, issueCount } = isThere ? before : await write(place, served, { before, files }, context);
    change(place, { keptSignature: served.signature, isKeptWhole: true });
    const now = stateOf(place).served;
    if (now?.signature !== served.signature) return;
    change(place, { served: { ...now, summary: { records, issues, issueCount } } });
  } catch (error) {
    options.log.warn("replica.keep-failed", { category: place.category, ...describeFault(error) });
  }
}

/** What is kept of a category beside its files: what costs more to make than to read. */
export function keptForms({ category }: Place): readonly Form[] {
  return category === "text_generation" ? ["v1", "v2"] : ["v2"];
}

/** Whether a record is that of this content, with all that is kept of it. */
export function isRecordOf(
  { files, bodies }: StoredCategory,
  place: Place,
  { signature, shas }: Pick<Served, "signature" | "shas">,
): boolean {
  const names = keptForms(place).map((form) => bodyName(revisionOf(shas), form));
  return signatureOf(files) === signature && names.every((name) => bodies.includes(name));
}

/** Whether KV holds the content of the head that is known, and all that is kept of it. */
export async function isKept(place: Place, { wanted, stateOf, stored }: ReplicaContext): Promise<boolean> {
  const found = wanted(place);
  if (found === null) return true;
  if (stateOf(place).keptSignature === found.signature) return true;
  const record = await stored.read(place.storedName);
  return record !== null && isRecordOf(record, place, found);
}

interface Parts {
  readonly before: StoredCategory | null;
  readonly files: Files | undefined;
}

async function write(place: Place, served: Served, { before, files }: Parts, context: ReplicaContext) {
  const { blobs, stored, options } = context;
  const { shas, commit, checkedAt } = served;
  const { unstored } = files ?? (await blobs.fetch(place, shas));
  const { summary, bodies } = convertAll(place, served, context);
  const category = { commit, files: shas, checkedAt, ...summary };
  await stored.write(place.storedName, { category, blobs: unstored, bodies, before, at: options.clock.now() });
  return summary;
}

/** A fault of the conversion costs its bodies and issues, and not the last good content. */
function convertAll(place: Place, { content }: Served, { options, bodies }: ReplicaContext) {
  try {
    const made = keptForms(place).map((form) => ({ name: bodyName(content.revision, form), body: content.make(form) }));
    for (const { name, body } of made) bodies.share(place, name, body);
    const printed = new Map(made.map(({ name, body }) => [name, printStoredBody(body)]));
    return { summary: summarize(content, content.issues("v2")), bodies: printed };
  } catch (error) {
    options.log.error("replica.conversion-failed", describeFault(error));
    return { summary: summarize(content, []), bodies: new Map<string, string>() };
  }
}
