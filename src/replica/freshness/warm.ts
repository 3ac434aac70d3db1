/**
 * Brings every category near before a client asks for it, so that an outage of GitHub never meets one that nobody had.
 *
 * A run tells which heads it saw. What is new is fetched with the requests that the invocation may still make (the free
 * plan has 50, most of which a first run needs itself), and the rest by the ticks that follow: a note in KV says which
 * heads are left.
 */
import * as z from "zod/mini";
import { describeFault } from "../../core/log.ts";
import { parseJsonOrNull } from "../../core/parse-json.ts";
import type { BaseHead } from "../../sync/conclude.ts";
import { orNullWithin } from "../store/or-null-within.ts";
import { isSameTarget, type Place, repositoryName } from "../store/places.ts";
import type { ReplicaContext } from "./context.ts";
import { followHead } from "./follow-head.ts";
import { isKept } from "./keep-content.ts";
import { isWarmingDue, READ_MS, REST_KEY } from "./warming.ts";

/**
 * Asks GitHub for no ref and no tree, and for blobs only that KV does not hold. Never rejects.
 *
 * @param seen none: goes on where an earlier invocation had to stop, if one had
 */
export async function warmCategories(seen: readonly BaseHead[], context: ReplicaContext): Promise<void> {
  const { options } = context;
  const { memory } = options;
  const now = options.clock.now();
  if (seen.length === 0 && !isWarmingDue(memory, now)) return;
  memory.warming.begunAt = now;
  try {
    const left = await readRest(context);
    const heads = [...seen, ...left.filter((one) => !seen.some((other) => isSameHead(one, other)))];
    const rest: BaseHead[] = [];
    for (const head of heads) if (!(await warmRepository(head, context))) rest.push(head);
    if (rest.length > 0 || left.length > 0) await writeRest(rest, left, context);
    memory.warming.isLeft = rest.length > 0;
  } catch (error) {
    options.log.error("replica.warm-failed", describeFault(error));
  } finally {
    memory.warming.begunAt = null;
  }
}

/** Asks GitHub where a repository is now, and fetches what is new. Never rejects. */
export async function refreshRepository(repository: string, context: ReplicaContext): Promise<void> {
  const { places, heads, options } = context;
  try {
    for (const target of places.targets.filter((one) => repositoryName(one) === repository)) {
      await heads.update(target, true);
      await fetchNew(
        places.all.filter((place) => isSameTarget(place.target, target)),
        context,
      );
    }
  } catch (error) {
    options.log.error("replica.refresh-failed", describeFault(error));
  }
}

/** @returns whether all that is new was fetched, or at least tried */
async function warmRepository(found: BaseHead, context: ReplicaContext): Promise<boolean> {
  const { places, heads, confirm, options } = context;
  const target = places.targets.find((one) => repositoryName(one) === found.repository && one.branch === found.branch);
  if (target === undefined) return true;
  const { commit, treeSha, files, readAt } = found;
  // Another isolate may have seen a newer one since the run read it.
  await heads.peek(target);
  heads.adopt(target, { commit, treeSha, files: Object.fromEntries(files) }, readAt);
  confirm({ target });
  const here = places.all.filter((place) => isSameTarget(place.target, target));
  const { fetched, left } = await fetchNew(here, context);
  if (fetched.length > 0)
    options.log.info("replica.warmed", { repository: found.repository, categories: fetched, left });
  return left === 0;
}

/** For the attempts that GitHub needs beyond one for each file: a token, and one that fails. */
const SPARE_REQUESTS = 4;

/** One after the other: nobody waits for it, and a cold start of all would hold every connection. */
async function fetchNew(places: readonly Place[], context: ReplicaContext) {
  const kept = await Promise.all(places.map((place) => isKept(place, context)));
  const fresh = places.filter((_place, index) => kept[index] === false);
  const fetched: string[] = [];
  for (const place of fresh) {
    if (context.options.requestsLeft() < place.paths.length + SPARE_REQUESTS) break;
    await followHead(place, context);
    fetched.push(place.category);
  }
  return { fetched, left: fresh.length - fetched.length };
}

/** Bump it when the meaning of a field changes. */
const REST_VERSION = 2;

const Rest = z.object({
  version: z.literal(REST_VERSION),
  githubApiUrl: z.string(),
  heads: z.array(
    z.object({
      repository: z.string(),
      branch: z.string(),
      commit: z.string(),
      treeSha: z.string(),
      files: z.record(z.string(), z.string()),
      readAt: z.number(),
    }),
  ),
});

async function readRest({ options: { kv, clock, config } }: ReplicaContext): Promise<BaseHead[]> {
  const text = await orNullWithin(kv.get(REST_KEY), READ_MS, clock);
  const parsed = Rest.safeParse(parseJsonOrNull(text));
  if (parsed.success && parsed.data.githubApiUrl === config.githubApiUrl)
    return parsed.data.heads.map((head) => ({ ...head, files: new Map(Object.entries(head.files)) }));
  // Damaged, of another version, or about another GitHub: nobody will take it up any more.
  if (text !== null) await kv.delete(REST_KEY);
  return [];
}

/** Written only where it says something else. */
async function writeRest(rest: readonly BaseHead[], before: readonly BaseHead[], { options, places }: ReplicaContext) {
  if (rest.length === 0) return options.kv.delete(REST_KEY);
  const { githubApiUrl } = options.config;
  const print = (heads: readonly BaseHead[]) =>
    JSON.stringify({ version: REST_VERSION, githubApiUrl, heads: heads.map(toPlain) });
  const paths = new Set(places.all.flatMap((place) => place.paths));
  const toPlain = ({ files, ...head }: BaseHead) => {
    return { ...head, files: Object.fromEntries([...files].filter(([path]) => paths.has(path))) };
  };
  if (print(rest) !== print(before)) await options.kv.put(REST_KEY, print(rest));
}

function isSameHead(one: BaseHead, other: BaseHead): boolean {
  return one.repository === other.repository && one.branch === other.branch;
}
