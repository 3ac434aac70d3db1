/**
 * What a whole run of ten times today's text models needs: `node bench/memory.ts`.
 *
 * A Worker has 128 MB for everything (DESIGN.md section 12). The run is made in a process of its own, against the
 * sandbox in this one: the smallest heap it finishes in is searched, and what array buffers hold outside of that heap
 * is sampled at every request, after a garbage collection. The sum is an upper bound, as the two need not peak together.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { generateReference } from "../sandbox/generate/reference.ts";
import { startSandbox } from "../sandbox/sandbox.ts";
import { parseConfig } from "../src/config.ts";
import { createLogger } from "../src/log.ts";
import { createSyncService } from "../src/service.ts";
import { createStateStore } from "../src/state/store.ts";

const HEAP_LIMITS_MB = [48, 56, 64, 72, 80, 88, 96, 104, 112, 120, 128, 160, 192];
const OWNER = "bench";
const TOKEN = "ghp_bench";

if (process.argv[2] === "--once") await runOnce(process.argv[3] ?? "", process.argv[4] ?? "");
else await report();

async function report(): Promise<void> {
  const sandbox = await startSandbox();
  const reference = generateReference({ imageModels: 160, textModels: 7000 });
  sandbox.github.credentials.addToken({ token: TOKEN });
  for (const [category, body] of Object.entries(reference.primary)) sandbox.primary.setCategory(category, body);
  const [name = "", record] = Object.entries<object>(JSON.parse(reference.primary["text_generation"] ?? "{}"))[0] ?? [];
  sandbox.primary.putRecord("text_generation", name, { ...record, description: "Changed." });
  console.log(`db.json of ${((reference.text["db.json"] ?? "").length / 2 ** 20).toFixed(1)} MiB, one record changed`);
  for (const limit of HEAP_LIMITS_MB) {
    sandbox.github.createRepository({ owner: OWNER, name: "image", files: reference.image });
    sandbox.github.createRepository({ owner: OWNER, name: "text", files: reference.text });
    const outcome = await runLimited(limit, sandbox.primary.url, sandbox.github.url);
    if (outcome === null) continue;
    console.log(`finishes in a heap of ${limit} MB; ${outcome}`);
    break;
  }
  await sandbox.close();
}

/** @returns the child's last line, or `null` when it ran out of memory */
function runLimited(limitMb: number, primaryUrl: string, githubUrl: string): Promise<string | null> {
  const flags = [`--max-old-space-size=${limitMb}`, "--max-semi-space-size=2", "--expose-gc"];
  const child = spawn(process.execPath, [...flags, fileURLToPath(import.meta.url), "--once", primaryUrl, githubUrl]);
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve(code === 0 ? printed.trim() : null)));
}

async function runOnce(primaryUrl: string, githubUrl: string): Promise<void> {
  let outside = 0;
  const values = new Map<string, string>();
  const service = createSyncService({
    config: parseConfig({
      HORDE_GITHUB_SYNC_PRIMARY_API_URL: primaryUrl,
      HORDE_GITHUB_SYNC_GITHUB_API_URL: githubUrl,
      HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO: `${OWNER}/image`,
      HORDE_GITHUB_SYNC_GITHUB_TEXT_REPO: `${OWNER}/text`,
      HORDE_GITHUB_SYNC_GITHUB_TOKEN: TOKEN,
    }),
    store: createStateStore({
      get: async (key) => values.get(key) ?? null,
      put: async (key, value) => void values.set(key, value),
      list: async () => ({ keys: [], list_complete: true }),
    }),
    fetch: (url, init) => {
      globalThis.gc?.();
      outside = Math.max(outside, process.memoryUsage().arrayBuffers);
      return fetch(url, init);
    },
    clock: { now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)), random: Math.random },
    tokens: new Map(),
    log: createLogger({ verbose: false, write: () => {} }),
  });
  const result = await service.sync({ trigger: "manual", categories: null, isDryRun: false, isForced: false });
  if (result.outcome !== "published") throw new Error(`The run ended as ${result.outcome}.`);
  console.log(
    `array buffers outside of it held up to ${Math.ceil(outside / 2 ** 20)} MB; the run took ${result.durationMs} ms`,
  );
}
