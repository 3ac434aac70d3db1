/**
 * The CPU of a whole run, without the network: `node bench/sync-run.ts`.
 *
 * The real planning, codecs and texts run on ports that hold everything in memory. Each figure is the best of repeated
 * runs, over JSON.parse + JSON.stringify of the bytes that the run had to look at (PRIMARY's bodies and the files), in
 * the same process and in turns. DESIGN.md section 12 allows 3.
 */
import { generateReference } from "../sandbox/generate/reference.ts";
import { parseEntries } from "../sandbox/json/lossless.ts";
import { withRecord } from "../sandbox/primary/edit.ts";
import { CATEGORIES, type CategoryName } from "../src/categories.ts";
import { parseConfig } from "../src/config.ts";
import { blobSha, blobShaOfText } from "../src/files/blob.ts";
import { createLogger } from "../src/log.ts";
import type { PrimaryPort, RepositoryPorts } from "../src/sync/ports.ts";
import { runSync } from "../src/sync/run.ts";

const ROUNDS = 15;
const config = parseConfig({
  HORDE_GITHUB_SYNC_PRIMARY_API_URL: "https://primary.example",
  HORDE_GITHUB_SYNC_GITHUB_TOKEN: "ghp_bench",
});
const reference = generateReference();
const quiet = createLogger({ verbose: false, write: () => {} });

const changed = (category: CategoryName, name: string) => {
  const body = reference.primary[category] ?? "{}";
  const records: Record<string, object> = JSON.parse(body);
  const record = { ...records[name], description: "Changed." };
  return { [category]: withRecord({ category, entries: parseEntries(body), name, record }) };
};
const nameIn = (category: CategoryName) => Object.keys(JSON.parse(reference.primary[category] ?? "{}"))[3] ?? "";
const reindented = Object.fromEntries(
  Object.entries(reference.primary).map(([category, body]) => [category, JSON.stringify(JSON.parse(body), null, 2)]),
);

await measure("all in sync, equal bytes where the format allows", {});
await measure("all in sync, every body formatted differently", reindented);
await measure("one image record changed", changed("image_generation", nameIn("image_generation")));
await measure("one text model changed", changed("text_generation", nameIn("text_generation")));

async function measure(label: string, changes: Record<string, string>): Promise<void> {
  const bodies = { ...reference.primary, ...changes };
  const looked = new Set<string>();
  const context = contextOf(bodies, looked);
  const request = { id: "bench", trigger: "manual", categories: null, isDryRun: true, isForced: false } as const;
  const run = () => runSync(request, context);
  await run();
  const texts = [...looked].filter((text) => /^ ?\{/.test(text));
  const parse = () => texts.map((text) => JSON.stringify(JSON.parse(text)));
  let [best, base] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round++) {
    best = Math.min(best, await timed(run));
    base = Math.min(base, await timed(parse));
  }
  console.log(`${label}: ${best.toFixed(1)} ms to ${base.toFixed(1)} ms, ratio ${(best / base).toFixed(2)}`);
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function contextOf(bodies: Record<string, string>, looked: Set<string>) {
  const encoder = new TextEncoder();
  const encoded = new Map(Object.entries(bodies).map(([category, body]) => [category, encoder.encode(body)]));
  const primary: PrimaryPort = {
    lastUpdated: async () => 1,
    categoryStamps: async () => new Map(),
    async category(name) {
      const bytes = encoded.get(name) ?? new Uint8Array();
      const sha = blobSha(bytes);
      const isKnownByHash = name !== "text_generation" && [...fileShas.values()].includes(sha);
      if (!isKnownByHash) looked.add(` ${bodies[name] ?? ""}`);
      return { kind: "present", bytes, sha };
    },
  };
  const files = { ...reference.image, ...reference.text };
  const fileShas = new Map(Object.entries(files).map(([path, text]) => [path, blobShaOfText(text)]));
  const texts = new Map(Object.entries(files).map(([path, text]) => [fileShas.get(path) ?? "", text]));
  const blobs = new Map([...texts].map(([sha, text]) => [sha, encoder.encode(text)]));
  const repository: RepositoryPorts = {
    read: {
      branch: async () => ({ sha: "base", treeSha: "tree" }),
      files: async () => fileShas,
      async blob(sha) {
        looked.add(texts.get(sha) ?? "");
        return blobs.get(sha) ?? new Uint8Array();
      },
      compare: refuse,
    },
    write: { commit: refuse, createBranch: refuse, moveBranch: refuse, deleteBranch: refuse },
    pullRequests: { latest: async () => null, open: refuse, update: refuse, decorate: refuse },
    comments: { comments: refuse, comment: refuse, removeComment: refuse },
  };
  return {
    config: { ...config, categories: CATEGORIES.map(({ name }) => name) },
    primary,
    repositories: { image: repository, text: repository },
    memory: {},
    previous: null,
    latest: [],
    requests: () => ({ primary: 0, github: 0 }),
    now: () => 0,
    log: quiet,
  };
}

async function refuse(): Promise<never> {
  throw new Error("A dry run writes nothing.");
}
