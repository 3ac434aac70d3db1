/**
 * The transcripts of README.md and docs/, from a real `npm start`: `npm run docs` writes them between their
 * markers, such as `<!-- transcript:first-run -->` and `<!-- /transcript -->`.
 *
 * What differs from run to run (ports, times, ids, durations) is replaced by what a reader would see as well.
 */
import { spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";
import { type Blocks, writeBlocks } from "./readme-blocks.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TOKEN = "sandbox-trigger-token";

/** A command as a reader would type it, and the request it makes. */
interface Command {
  readonly line: string;
  readonly path: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
}

const authorization = `Bearer ${TOKEN}`;
const URL_SHOWN = "http://127.0.0.1:8787";

const PREVIEW: Command = {
  line: `curl -H "Authorization: Bearer ${TOKEN}" '${URL_SHOWN}/preview?categories=esrgan'`,
  path: "/preview?categories=esrgan",
  headers: { authorization },
};
const SYNC: Command = {
  line: `curl -X POST -H "Authorization: Bearer ${TOKEN}" -H "Accept: text/plain" ${URL_SHOWN}/sync`,
  path: "/sync",
  method: "POST",
  headers: { authorization, accept: "text/plain" },
};
const STATUS: Command = { line: `curl ${URL_SHOWN}/`, path: "/" };

/** Runs `npm start`, makes the requests in order, and ends it. */
export async function recordTranscripts(): Promise<Blocks> {
  // A newcomer's very first request signs in, which counts.
  const fresh = await startSandbox();
  const sync = await askAs(SYNC, fresh.url).finally(fresh.stop);
  const sandbox = await startSandbox();
  try {
    const ask = (command: Command) => askAs(command, sandbox.url);
    const preview = await ask(PREVIEW);
    await ask(SYNC);
    await useReplica(sandbox.url);
    const status = await ask(STATUS);
    return { preview: toBlock(preview), "first-run": toBlock(sync), status: toBlock(status) };
  } finally {
    sandbox.stop();
  }
}

/** Clients read the replica; the issues of what they read are counted a moment later. */
async function useReplica(url: string): Promise<void> {
  const categories = ["image_generation", "text_generation"];
  for (const category of categories) await (await fetch(`${url}/model_references/v2/${category}`)).text();
  let before = "";
  for (let attempt = 0; attempt < 100; attempt++) {
    const now = JSON.stringify(Used.parse(await (await fetch(`${url}/status`)).json()));
    if (now === before) return;
    before = now;
    await setTimeout(200);
  }
  throw new Error("The replica's status has not settled after 20 s.");
}

const Used = z.object({
  replica: z.object({ categories: z.array(z.object({ records: z.nullable(z.number()), issueCount: z.number() })) }),
});

async function startSandbox(): Promise<{ readonly url: string; stop(): void }> {
  const started = spawn(process.execPath, ["sandbox/start.ts"], { cwd: ROOT, env: { ...process.env, PORT: "0" } });
  let printed = "";
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes("Stop with Ctrl+C")) resolve();
    };
    started.stdout.on("data", listen);
    started.stderr.on("data", listen);
    started.on("exit", (code) => reject(new Error(`npm start ended with ${code}:\n${printed}`)));
  });
  const [, url] = / curl (http:\/\/[^/\s]+)\/\n/.exec(printed) ?? [];
  if (url === undefined) throw new Error(`npm start printed no address:\n${printed}`);
  return { url, stop: () => void started.kill("SIGTERM") };
}

async function askAs({ line, path, method = "GET", headers = {} }: Command, url: string): Promise<string> {
  const answer = await fetch(url + path, { method, headers: { accept: "*/*", ...headers } });
  return `$ ${line}\n${normalize(await answer.text())}`;
}

function toBlock(transcript: string): string {
  return `\`\`\`console\n${transcript.trimEnd()}\n\`\`\``;
}

const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  // A pull request's page is the local GitHub's; PRIMARY is the other server.
  [/http:\/\/127\.0\.0\.1:\d+(?=\/sandbox\/)/g, "http://127.0.0.1:8790"],
  [/(PRIMARY {7})http:\/\/127\.0\.0\.1:\d+/g, "$1http://127.0.0.1:8789"],
  [/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, "2026-11-21 12:00 UTC"],
  [/\((opened )?(just now|\d+ minutes? ago)\)/g, "($1just now)"],
  [/\b[0-9a-z]{9}-[0-9a-z]{6}\b/g, "mhx0k3v9a-4f7c2e"],
  [/\bcommit [0-9a-f]{7}\b/g, "commit 6f1d0c2"],
  [/\b[0-9a-f]{40}\b/g, "6f1d0c2b9a8e7d6c5b4a39281706f5e4d3c2b1a0"],
  [/in \d+ ms$/gm, "in 850 ms"],
  [/ +(\d+ ms|\d+\.\d s)(?= {2}mhx0k3v9a)/g, "     850 ms"],
  [/\d+ of 5000 requests/g, "4985 of 5000 requests"],
];

function normalize(text: string): string {
  return REPLACEMENTS.reduce((shown, [pattern, replacement]) => shown.replace(pattern, replacement), text);
}

if (import.meta.main) writeBlocks("transcript", await recordTranscripts());
