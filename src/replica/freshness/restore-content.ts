/**
 * The last good content from KV, for an isolate that has none. Asks GitHub nothing.
 */
import { describeFault } from "../../core/log.ts";
import { restoreContent as contentOf } from "../content/content.ts";
import { signatureOf } from "../content/sources.ts";
import type { Place } from "../store/places.ts";
import type { ReplicaContext } from "./context.ts";
import { isRecordOf } from "./keep-content.ts";

/** At most once per TTL, however little KV has. Never rejects. */
export async function restoreContent(place: Place, context: ReplicaContext): Promise<void> {
  const { options, stored, blobs, converter, stateOf, change, isFresh, confirm } = context;
  const { served, restoredAt } = stateOf(place);
  if (served !== null || isFresh(restoredAt)) return;
  change(place, { restoredAt: options.clock.now() });
  const record = await stored.read(place.storedName);
  if (record === null) return;
  const files = await blobs.cached(place, record.files);
  if (files === null) return change(place, { isKeptWhole: false });
  const { files: shas, commit, checkedAt, records, issues, issueCount } = record;
  try {
    const content = contentOf({ category: place.category, shas, files: files.bytes }, records, converter);
    // GitHub may have been faster.
    if (stateOf(place).served !== null) return;
    const summary = { records, issues, issueCount };
    const served = { content, shas, signature: signatureOf(shas), commit, checkedAt, summary };
    change(place, { served, keptSignature: isRecordOf(record, place, served) ? served.signature : null });
    confirm(place);
  } catch (error) {
    options.log.warn("replica.restore-failed", { category: place.category, ...describeFault(error) });
  }
}
