/**
 * Real workerd with two Workers: the built one of `dist/`, and one that does as little as can be (`floor-worker.ts`).
 */
import { readFileSync } from "node:fs";
import { createTestHarness } from "wrangler";
import type { Floor, Load } from "./floor-worker.ts";
import type { Step } from "./situations.ts";

export interface Runtime {
  /** Where the built Worker answers HTTP. */
  readonly url: string;
  /** @throws Error when the run failed */
  fire(cron: Step["cron"]): Promise<void>;
  forgetAll(): Promise<void>;
  loadFloor(load: Load): Promise<void>;
  fireFloor(floor: Floor): Promise<void>;
  close(): Promise<void>;
}

const FLOOR = "floor";

export async function startRuntime(settings: Readonly<Record<string, string>>): Promise<Runtime> {
  const server = createTestHarness({
    workers: [
      { configPath: "wrangler.toml", prebuiltWorkerDir: "dist", vars: { ...settings } },
      {
        config: {
          name: FLOOR,
          main: "bench/floor-worker.ts",
          compatibility_date: compatibilityDate(),
          compatibility_flags: ["nodejs_compat"],
          kv_namespaces: [{ binding: "STATE", id: "floor" }],
        },
      },
    ],
  });
  const { url } = await server.listen();
  const worker = server.getWorker();
  const floor = server.getWorker(FLOOR);
  return {
    url: url.origin,
    async fire(cron) {
      const { outcome } = await worker.scheduled({ cron, scheduledTime: new Date() });
      if (outcome === "ok") return;
      throw new Error(`The run ended as ${outcome}:\n${lastLogs(server.getLogs())}`);
    },
    async forgetAll() {
      const { STATE } = await worker.getEnv();
      const { keys } = await STATE.list();
      for (const { name } of keys) await STATE.delete(name);
      server.clearLogs();
    },
    async loadFloor(load) {
      const answer = await floor.fetch("http://floor.example/", { method: "PUT", body: JSON.stringify(load) });
      if (answer.status !== 204) throw new Error(`The floor Worker answered ${answer.status}.`);
    },
    async fireFloor(name) {
      const { outcome } = await floor.scheduled({ cron: name, scheduledTime: new Date() });
      if (outcome !== "ok") throw new Error(`The floor ${name} ended as ${outcome}.`);
    },
    close: () => server.close(),
  };
}

export function compatibilityDate(): string {
  const text = readFileSync(new URL("../wrangler.toml", import.meta.url), "utf8");
  return /^compatibility_date = "([\d-]+)"/m.exec(text)?.[1] ?? "";
}

function lastLogs(logs: readonly { readonly message: string }[]): string {
  return logs
    .slice(-5)
    .map(({ message }) => message)
    .join("\n");
}
