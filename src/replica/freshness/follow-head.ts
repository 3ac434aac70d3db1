/**
 * Makes a category's content that of the head: fetches what is new, and adopts it only when it can be read.
 */
import { describeFault } from "../../core/log.ts";
import { createContent } from "../content/content.ts";
import { summarize } from "../content/summary.ts";
import type { Files } from "../store/blobs.ts";
import { toFault } from "../store/faults.ts";
import type { Place } from "../store/places.ts";
import type { ReplicaContext, Wanted } from "./context.ts";
import { keepContent } from "./keep-content.ts";

/**
 * Content that could not be had is not asked for again within the TTL, and content that could not be read is not until
 * the files change. Never rejects.
 *
 * @param isRefresh asks again for what could not be had
 */
export async function followHead(place: Place, context: ReplicaContext, isRefresh = false): Promise<void> {
  const { wanted, stateOf, isFresh, isOlder, confirm, options } = context;
  const found = wanted(place);
  if (found === null) return;
  const { served, refused, keptSignature, keptAt } = stateOf(place);
  if (served?.signature === found.signature) {
    confirm(place);
    if (keptSignature !== served.signature && !isFresh(keptAt)) options.waitUntil(keepContent(place, context));
    return;
  }
  // What is served may have come from KV, and be newer than a head that the edge cache told.
  if (served !== null && isOlder(found.checkedAt, served)) return;
  const isKnown = refused?.signature === found.signature;
  if (isKnown && (refused.isLasting || (isFresh(refused.at) && !isRefresh))) return;
  await adopt(place, found, context);
}

async function adopt(place: Place, found: Wanted, context: ReplicaContext): Promise<void> {
  const { blobs, stateOf, isOlder, change, confirm, options } = context;
  const { shas, signature, commit, checkedAt } = found;
  let files: Files | null = null;
  try {
    files = await blobs.fetch(place, shas);
    const content = createContent({ category: place.category, shas, files: files.bytes }, context.converter);
    // A newer head may have been followed meanwhile, and its blob may have been faster.
    const now = stateOf(place).served;
    if (now !== null && isOlder(checkedAt, now)) return;
    const served = { content, shas, signature, commit, checkedAt, summary: summarize(content, []) };
    change(place, { served, refused: null });
    confirm(place);
    options.log.info("replica.adopted", { category: place.category, commit, records: content.records });
    options.waitUntil(keepContent(place, context, files));
  } catch (error) {
    refuse(place, { signature, isLasting: files !== null }, error, context);
  }
}

type Unadopted = { readonly signature: string; readonly isLasting: boolean };

function refuse(place: Place, unadopted: Unadopted, error: unknown, { options, change }: ReplicaContext) {
  const { clock, memory, log } = options;
  const fault = toFault(error, clock.now());
  memory.counters.errors++;
  if (fault.retryAt !== null) memory.limit = fault;
  change(place, { refused: { ...unadopted, fault, at: clock.now() } });
  const event = unadopted.isLasting ? "replica.content-refused" : "replica.fetch-failed";
  log.warn(event, { category: place.category, code: fault.code, ...describeFault(error) });
}
