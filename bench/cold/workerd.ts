/**
 * A workerd of its own for one Worker, which has seen nothing yet: no test harness, no simulated KV, no other isolate
 * but the one that hands the cron on.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compatibilityDate } from "../runtime.ts";
import { type CpuTime, settledCpuTimeOf } from "../workerd-process.ts";

export interface ColdWorker {
  /** JavaScript, an ES module. */
  readonly script: string;
  /** Texts that stand in its environment. */
  readonly texts: Readonly<Record<string, string>>;
  /** Where its KV namespace is, `host:port`. */
  readonly kv: string;
}

/** CPU of a first event, and of what came before it: the start of workerd, with the Worker's own. */
export interface ColdSample {
  readonly event: CpuTime;
  readonly start: CpuTime;
}

const BINARY = fileURLToPath(new URL("../../node_modules/workerd/bin/workerd", import.meta.url));

const ENTRY = `export default {
  async fetch(request, { TARGET }) {
    const cron = new URL(request.url).searchParams.get("cron");
    const { outcome } = await TARGET.scheduled({ cron, scheduledTime: new Date() });
    return new Response(outcome);
  },
};`;

/** @throws Error with what workerd printed, when it does not start or the event does not end well */
export async function measureFirstEvent(worker: ColdWorker, cron: string): Promise<ColdSample> {
  const folder = mkdtempSync(join(tmpdir(), "bench-cold-"));
  writeConfig(folder, worker);
  const args = ["serve", join(folder, "config.capnp"), "--experimental", "--control-fd=3"];
  const child = spawn(BINARY, args, { stdio: ["ignore", "pipe", "pipe", "pipe"] });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => printed.push(String(text)));
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  try {
    const port = await Promise.race([readPort(child.stdio[3]), ended]);
    if (port === undefined || child.pid === undefined) throw new Error("workerd did not start.");
    const start = await settledCpuTimeOf(child.pid);
    const answer = await fetch(`http://127.0.0.1:${port}/?cron=${encodeURIComponent(cron)}`);
    const outcome = await answer.text();
    if (outcome !== "ok") throw new Error(`The event ended as ${outcome}.`);
    return { start, event: subtract(await settledCpuTimeOf(child.pid), start) };
  } catch (cause) {
    throw new Error(`Cold workerd: ${printed.join("").slice(-2000)}`, { cause });
  } finally {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

function subtract(after: CpuTime, before: CpuTime): CpuTime {
  return { mainMs: after.mainMs - before.mainMs, allMs: after.allMs - before.allMs };
}

/** It tells `{"event":"listen","socket":"http","port":37663}`, a line. */
async function readPort(stream: unknown): Promise<number | undefined> {
  if (!isReadable(stream)) return undefined;
  let text = "";
  for await (const chunk of stream) {
    text += String(chunk);
    const port = /"event":"listen".*"port":(\d+)/.exec(text)?.[1];
    if (port !== undefined) return Number(port);
  }
  return undefined;
}

function isReadable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function writeConfig(folder: string, { script, texts, kv }: ColdWorker): void {
  writeFileSync(join(folder, "target.js"), script);
  writeFileSync(join(folder, "entry.js"), ENTRY);
  const bindings = Object.entries(texts).map(([name, text], index) => {
    writeFileSync(join(folder, `${index}.txt`), text);
    return `(name = "${name}", text = embed "${index}.txt")`;
  });
  const date = `compatibilityDate = "${compatibilityDate()}"`;
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "internet", network = (allow = ["public", "private"])),
    (name = "kv", external = (address = "${kv}", http = ())),
    (name = "target", worker = (modules = [(name = "target.js", esModule = embed "target.js")], ${date},
      bindings = [(name = "STATE", kvNamespace = "kv"), ${bindings.join(", ")}])),
    (name = "entry", worker = (modules = [(name = "entry.js", esModule = embed "entry.js")], ${date},
      compatibilityFlags = ["service_binding_extra_handlers"], bindings = [(name = "TARGET", service = "target")])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "entry")],
);`;
  writeFileSync(join(folder, "config.capnp"), config);
}
