/**
 * Whatever secret stands in `.dev.vars` reaches the Worker under `wrangler dev`, with `wrangler.toml` as it is committed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import * as z from "zod/mini";
import { PEM } from "../fakes/keys.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const started: { readonly child: ChildProcess; readonly folder: string }[] = [];

afterEach(async () => {
  for (const { child, folder } of started.splice(0)) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true });
  }
});

/** The committed file in a folder of its own, as `.dev.vars` is read from beside it. @returns the Worker's address */
async function startDev(devVars: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "dev-vars-"));
  const toml = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
  const absolute = toml.replaceAll(/"(?:\.\/)?(src\/[\w./-]+)"/g, (_path, path) => JSON.stringify(`${ROOT}${path}`));
  writeFileSync(join(folder, "wrangler.toml"), absolute);
  writeFileSync(join(folder, ".dev.vars"), devVars);
  const wrangler = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
  const args = [wrangler, "dev", "--port", "0", "--inspector-port", "0", "--show-interactive-dev-session=false"];
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, CI: "true", NO_COLOR: "1" } });
  started.push({ child, folder });
  let printed = "";
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      printed += chunk.toString();
      const [, url] = /Ready on (http:\/\/[^\s]+)/.exec(printed) ?? [];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", (code) => reject(new Error(`wrangler dev ended with ${code}:\n${printed}`)));
  });
}

const StatusShape = z.object({
  config: z.object({ auth: z.string() }),
  problems: z.array(z.string()),
  warnings: z.array(z.string()),
});

async function readStatus(url: string, init: RequestInit = {}) {
  return StatusShape.parse(await (await fetch(`${url}/status`, init)).json());
}

/** `# NAME=""` and `NAME=""` of the example, with a value. */
function fillExample(values: Readonly<Record<string, string>>): string {
  let text = readFileSync(join(ROOT, ".dev.vars.example"), "utf8");
  for (const [name, value] of Object.entries(values)) {
    const line = new RegExp(`^(# )?${name}=""$`, "m");
    if (!line.test(text)) throw new Error(`The example lacks ${name}.`);
    text = text.replace(line, `${name}=${JSON.stringify(value)}`);
  }
  return text;
}

const OPTIONAL = ["GITHUB_APP_INSTALLATION_ID", "HORDE_GITHUB_SYNC_NOTIFY_WEBHOOK_URL"];

it("an App, and every optional secret that can be wrong", async () => {
  const wrong = Object.fromEntries(OPTIONAL.map((name) => [name, "wrong"]));
  const app = { GITHUB_APP_ID: "123", GITHUB_APP_PRIVATE_KEY: PEM, HORDE_GITHUB_SYNC_TRIGGER_TOKEN: "short" };
  const { problems, warnings } = await readStatus(await startDev(fillExample({ ...app, ...wrong })));
  // Nothing else is wrong: the App's id and its key came through, the latter with its newlines.
  expect(problems).toEqual(OPTIONAL.map((name) => expect.stringMatching(new RegExp(`^${name} must be`))));
  expect(warnings).toEqual([expect.stringContaining("TRIGGER_TOKEN is shorter")]);
});

it("a token, a webhook's secret, and a name that no file of ours mentions", async () => {
  const own = { HORDE_GITHUB_SYNC_GITHUB_TOKEN: "ghp_x", HORDE_GITHUB_SYNC_TRIGGER_TOKEN: "a-token-for-this-test" };
  const text = fillExample({ ...own, GITHUB_WEBHOOK_SECRET: "x" });
  const url = await startDev(`${text}\nHORDE_GITHUB_SYNC_COLOUR=blue\n`);
  const { config, problems, warnings } = await readStatus(url);
  expect({ auth: config.auth, problems }).toEqual({ auth: "token", problems: [] });
  expect(warnings).toEqual([expect.stringContaining("HORDE_GITHUB_SYNC_COLOUR is not a setting")]);
  const refused = await fetch(`${url}/sync?nothing`, { method: "POST" });
  const taken = await fetch(`${url}/sync?nothing`, {
    method: "POST",
    headers: { authorization: `Bearer ${own.HORDE_GITHUB_SYNC_TRIGGER_TOKEN}` },
  });
  expect([refused.status, taken.status]).toEqual([401, 400]);
});
