/**
 * After a merge: the heads that a run saw are taken over, so that the new content is near before a client asks for it.
 */
import { describeFault } from "../../core/log.ts";
import type { BaseHead } from "../../sync/attempt.ts";
import { isSameTarget, type Place, repositoryName } from "../store/places.ts";
import type { ReplicaContext } from "./context.ts";
import { followHead } from "./follow-head.ts";
import { isKept } from "./keep-content.ts";

/** Asks GitHub for no ref and no tree, and for blobs only that KV does not hold. Never rejects. */
export async function warmCategories(seen: readonly BaseHead[], context: ReplicaContext): Promise<void> {
  const { places, heads, confirm, options } = context;
  try {
    for (const target of places.targets) {
      const found = seen.find(
        ({ repository, branch }) => repository === repositoryName(target) && branch === target.branch,
      );
      if (found === undefined) continue;
      const { commit, treeSha, files } = found;
      heads.adopt(target, { commit, treeSha, files: Object.fromEntries(files) });
      confirm({ target });
      const here = places.all.filter((place) => isSameTarget(place.target, target));
      const fetched = await fetchNew(here, context);
      if (fetched.length > 0) options.log.info("replica.warmed", { repository: found.repository, categories: fetched });
    }
  } catch (error) {
    options.log.error("replica.warm-failed", describeFault(error));
  }
}

/** One after the other: nobody waits for it, and a cold start of all would hold every connection. */
async function fetchNew(places: readonly Place[], context: ReplicaContext): Promise<string[]> {
  const kept = await Promise.all(places.map((place) => isKept(place, context)));
  const fresh = places.filter((_place, index) => kept[index] === false);
  for (const place of fresh) await followHead(place, context);
  return fresh.map(({ category }) => category);
}
