/**
 * Keeps the last good content in KV, where isolates without memory find it when GitHub does not help.
 *
 * The free plan has a thousand writes a day, and every isolate sees a change for itself: so the record is read before
 * anything is written, and most find that another was first.
 */
import { describeFault } from "../../core/log.ts";
import { summarize } from "../convert/summary.ts";
import type { Files } from "../store/blobs.ts";
import type { Served } from "../store/memory.ts";
import type { Place } from "../store/places.ts";
import { signatureOf } from "../store/sources.ts";
import type { ReplicaContext } from "./context.ts";

/** @param files what was just fetched; without, the caches are asked again. Never rejects. */
export async function keepContent(place: Place, context: ReplicaContext, files?: Files): Promise<void> {
  const { options, stored, blobs, stateOf, change } = context;
  const { served, isKeptWhole } = stateOf(place);
  if (served === null) return;
  const { shas, signature, commit, checkedAt } = served;
  change(place, { keptAt: options.clock.now() });
  try {
    const before = await stored.read(place.storedName);
    const isThere = before !== null && signatureOf(before.files) === signature && isKeptWhole;
    const summary = isThere ? before : summarizeAll(served, context);
    if (!isThere) {
      const { unstored } = files ?? (await blobs.fetch(place, shas));
      const { records, issues, issueCount } = summary;
      const category = { commit, files: shas, records, issues, issueCount, checkedAt };
      await stored.write(place.storedName, { category, blobs: unstored, before });
    }
    change(place, { keptSignature: signature, isKeptWhole: true });
    const now = stateOf(place).served;
    const { records, issues, issueCount } = summary;
    if (now?.signature === signature) change(place, { served: { ...now, summary: { records, issues, issueCount } } });
  } catch (error) {
    options.log.warn("replica.keep-failed", { category: place.category, ...describeFault(error) });
  }
}

/** Whether KV holds the content of the head that is known. */
export async function isKept(place: Place, { wanted, stateOf, stored }: ReplicaContext): Promise<boolean> {
  const found = wanted(place);
  if (found === null) return true;
  if (stateOf(place).keptSignature === found.signature) return true;
  const record = await stored.read(place.storedName);
  return record !== null && signatureOf(record.files) === found.signature;
}

/** A fault of the conversion costs its issues, and not the last good content. */
function summarizeAll({ content }: Served, { options }: ReplicaContext) {
  try {
    return summarize(content, content.issues.v2());
  } catch (error) {
    options.log.error("replica.conversion-failed", describeFault(error));
    return summarize(content, []);
  }
}
