import { fileURLToPath } from "node:url";
import { unstable_startWorker as startWorker } from "wrangler";

export interface LocalWorkerOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Settings and secrets, before those of `wrangler.toml`. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface LocalWorker {
  /** Without a trailing slash. */
  readonly url: string;
  /** Fire a cron trigger, as Cloudflare would. */
  runCron(cron: string): Promise<void>;
  close(): Promise<void>;
}

const CONFIG = fileURLToPath(new URL("../wrangler.toml", import.meta.url));

/**
 * The Worker in workerd, with an empty KV.
 *
 * @see https://developers.cloudflare.com/workers/configuration/cron-triggers/#test-cron-triggers-locally
 */
export async function startLocalWorker({ port, settings }: LocalWorkerOptions): Promise<LocalWorker> {
  // Nothing here reads `request.cf`, and the sandbox needs no network.
  process.env["CLOUDFLARE_CF_FETCH_ENABLED"] ??= "false";
  const bindings = Object.entries(settings).map(([name, value]) => [name, { type: "secret_text", value }] as const);
  const worker = await startWorker({
    config: CONFIG,
    bindings: Object.fromEntries(bindings),
    dev: { server: { hostname: "127.0.0.1", port }, watch: false, inspector: false, persist: false, logLevel: "error" },
  });
  await worker.ready;
  const url = (await worker.url).origin;
  return {
    url,
    async runCron(cron) {
      const answer = await fetch(`${url}/cdn-cgi/handler/scheduled?${new URLSearchParams({ cron })}`);
      const outcome = await answer.text();
      if (!answer.ok) throw new Error(`The cron ended as ${outcome}; the status page says why.`);
    },
    close: () => worker.dispose(),
  };
}
