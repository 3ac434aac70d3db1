/**
 * The CPU of a tick with nothing new, in real workerd: `node bench/tick.ts`. Needs `npm run build` and Linux's /proc.
 *
 * Our Worker and one whose cron only makes the same single fetch run in the same process and in turns; the figure is
 * the process's CPU time of so many ticks. DESIGN.md section 12 allows 1.5.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createTestHarness } from "wrangler";
import { startSandbox } from "../sandbox/sandbox.ts";

const TICKS = 300;
const ROUNDS = 5;

if (process.platform === "linux") await report();
else console.log("tick: skipped, because CPU time is read from Linux's /proc");

async function report(): Promise<void> {
  const sandbox = await startSandbox();
  sandbox.primary.setLastUpdated(1_795_219_334);
  const server = createTestHarness({
    workers: [
      {
        configPath: "wrangler.toml",
        prebuiltWorkerDir: "dist",
        vars: {
          HORDE_GITHUB_SYNC_PRIMARY_API_URL: sandbox.primary.url,
          HORDE_GITHUB_SYNC_GITHUB_API_URL: sandbox.github.url,
          HORDE_GITHUB_SYNC_WATCH_ENABLE_STARTUP_SYNC: "false",
        },
        secrets: { HORDE_GITHUB_SYNC_GITHUB_TOKEN: "ghp_bench", GITHUB_APP_ID: "", GITHUB_APP_PRIVATE_KEY: "" },
      },
      emptyWorker("empty", sandbox.primary.url, []),
      emptyWorker("empty-with-kv", sandbox.primary.url, [{ binding: "STATE" }]),
    ],
  });
  await server.listen();
  const names = ["horde-model-reference-sync", "empty", "empty-with-kv"];
  const workers = names.map((name) => server.getWorker(name));
  const best = names.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, worker] of workers.entries()) {
      const before = workerdCpuTicks();
      for (let tick = 0; tick < TICKS; tick++) await worker.scheduled({ cron: "* * * * *", scheduledTime: new Date() });
      if (round > 0) best[index] = Math.min(best[index] ?? 0, workerdCpuTicks() - before);
    }
  }
  const [ours = 0, empty = 1, withKv = 1] = best;
  console.log(`a quiet tick: ${ours} to ${empty} clock ticks of CPU for ${TICKS}, ratio ${(ours / empty).toFixed(2)}`);
  console.log(`  and to ${withKv} with one KV read, which the local runtime simulates: ${(ours / withKv).toFixed(2)}`);
  await server.close();
  await sandbox.close();
}

function emptyWorker(name: string, primaryUrl: string, kv_namespaces: { binding: string }[]) {
  const vars = { URL: `${primaryUrl}/model_references/v1/metadata/last_updated` };
  return { config: { name, main: "bench/empty-worker.ts", compatibility_date: "2026-10-01", vars, kv_namespaces } };
}

/** User and system time of all workerd processes that this process started, in clock ticks (10 ms). */
function workerdCpuTicks(): number {
  let sum = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const stat = readStat(pid);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (stat.includes("(workerd)") && fields[1] === String(process.pid)) sum += Number(fields[11]) + Number(fields[12]);
  }
  return sum;
}

function readStat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}
