import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startControl } from "../../sandbox/control.ts";
import type { HttpServer } from "../../sandbox/http/server.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { openPull, pushBranch, REPOSITORY, startWithRepository } from "./support.ts";

const run = promisify(execFile);
let sandbox: Sandbox;
let control: HttpServer;
let ticks: string[] = [];

beforeEach(async () => {
  ticks = [];
  sandbox = await startWithRepository();
  sandbox.primary.setCategory("clip", '{"X": {"v": 1.0}}');
  const runTick = async (cron: string) => void ticks.push(cron);
  control = await startControl({ sandbox, port: 0, runTick });
});

afterEach(async () => {
  await control.close();
  await sandbox.close();
});

async function cli(...args: string[]): Promise<string> {
  const env = { ...process.env, SANDBOX_URL: control.url };
  const { stdout } = await run(process.execPath, ["sandbox/cli.ts", ...args], { env });
  return stdout.trimEnd();
}

describe("the command line", () => {
  test("changes PRIMARY", async () => {
    await cli("add", "clip", "Y");
    await cli("edit", "clip", "X", "v=2.0", "note=new text");
    expect(await cli("names", "clip")).toBe("X\nY");
    expect(await cli("show", "clip", "X")).toBe('{\n  "v": 2.0,\n  "note": "new text"\n}');
    await cli("remove", "clip", "X");
    expect(await cli("names", "clip")).toBe("Y");
    await expect(cli("remove", "clip", "X")).rejects.toThrow(/no record X/);
    await expect(cli("add", "nothing", "X")).rejects.toThrow(/category must be one of/);
  });

  test("shows and merges pull requests, runs crons and adds faults", async () => {
    await pushBranch(sandbox, "sync/models", { "a.json": "{}\n" });
    await openPull(sandbox);
    expect(await cli("prs")).toContain("octo-org/models#1 [open] A change");
    expect(await cli("diff", "models", "1")).toContain("+{}");
    await cli("merge", "models", "1");
    expect(sandbox.github.pullRequests(REPOSITORY)[0]?.merged).toBe(true);
    await cli("tick", "0 */6 * * *");
    expect(ticks).toEqual(["0 */6 * * *"]);
    await cli("fault", "primary", "status", "status=503", "times=2");
    expect((await fetch(sandbox.primary.url)).status).toBe(503);
    expect(await cli("log")).toContain("503 GET /");
    await cli("clear");
    expect(sandbox.primary.faults.list()).toEqual([]);
  });
});

describe("the page", () => {
  test("shows the state, and does what its forms say", async () => {
    const page = await (await fetch(control.url)).text();
    expect(page).toContain("Run the watch cron");
    const body = new URLSearchParams({ category: "clip", name: "<b>Z</b>", record: '{"v": 3.0}' });
    const done = await fetch(`${control.url}/do/add`, { method: "POST", body });
    const after = await done.text();
    expect(after).toContain("PRIMARY has &lt;b&gt;Z&lt;/b&gt; in clip.");
    expect(after).not.toContain("<b>Z</b>");
    expect(sandbox.primary.category("clip")).toContain('"v": 3.0');
    const record = await fetch(`${control.url}/record?category=clip&name=X`, { headers: { accept: "text/html" } });
    expect(await record.text()).toContain("&quot;v&quot;: 1.0");
  });

  test("refuses forms of other sites", async () => {
    const body = new URLSearchParams({ category: "clip", name: "X" });
    const headers = { origin: "http://elsewhere.example" };
    expect((await fetch(`${control.url}/do/remove`, { method: "POST", body, headers })).status).toBe(403);
    expect(sandbox.primary.category("clip")).toContain('"X"');
  });
});
