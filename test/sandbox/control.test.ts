import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DEEDS } from "../../sandbox/control/deeds.ts";
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

describe("a person, by the command line", () => {
  const BRANCH = "sync/models";
  const PULL = { repository: REPOSITORY, number: 1 };
  const head = () => sandbox.github.branches(REPOSITORY)[BRANCH];
  const pull = () => sandbox.github.pullRequests(REPOSITORY)[0];
  let first: string | undefined;

  beforeEach(async () => {
    first = await pushBranch(sandbox, BRANCH, { "a.json": '{"description": "x"}\n' });
    await openPull(sandbox);
    sandbox.github.commit({ repository: REPOSITORY, branch: "next", files: { next: "1" } });
  });

  const history = (ref = BRANCH) => sandbox.github.history(REPOSITORY, ref);
  const main = () => sandbox.github.branches(REPOSITORY)["main"];

  /** What a deed makes true that was not so before; `after` is done first. */
  const DONE: readonly { deed: string; value?: string; after?: readonly [string, string]; isDone: () => boolean }[] = [
    {
      deed: "merge",
      value: "squash",
      isDone: () => pull()?.merged === true && history("main")[0]?.parents.length === 1,
    },
    { deed: "close", value: "bot", isDone: () => pull()?.closedBy === "stale[bot]" },
    { deed: "reopen", after: ["close", ""], isDone: () => pull()?.state === "open" },
    { deed: "push", value: "a.json", isDone: () => sandbox.github.diff(PULL).includes("By hand: x") },
    { deed: "push-nothing", isDone: () => history()[0]?.message === "Try again" },
    { deed: "amend", isDone: () => head() !== first && history()[1]?.sha === main() },
    { deed: "squash", after: ["push", ""], isDone: () => history()[1]?.sha === main() },
    { deed: "update-branch", value: "rebase", after: ["edit-base", ""], isDone: () => history()[1]?.sha === main() },
    { deed: "delete-branch", isDone: () => head() === undefined && pull()?.state === "closed" },
    { deed: "restore-branch", after: ["delete-branch", ""], isDone: () => head() === first },
    { deed: "retarget", value: "next", isDone: () => pull()?.base.ref === "next" },
    { deed: "retitle", value: "Another title", isDone: () => pull()?.title === "Another title" },
    { deed: "draft", isDone: () => pull()?.isDraft === true },
    { deed: "ready", after: ["draft", ""], isDone: () => pull()?.isDraft === false },
    { deed: "lock", isDone: () => pull()?.isLocked === true },
    { deed: "unlock", after: ["lock", ""], isDone: () => pull()?.isLocked === false },
    { deed: "comment", value: "Two words", isDone: () => pull()?.comments[0]?.body === "Two words" },
    { deed: "label", value: "bug, sync", isDone: () => pull()?.labels.join() === "bug,sync" },
    { deed: "unlabel", value: "bug", after: ["label", "bug,sync"], isDone: () => pull()?.labels.join() === "sync" },
    { deed: "request", value: "alice,bob", isDone: () => pull()?.requestedReviewers.join() === "alice,bob" },
    {
      deed: "unrequest",
      value: "a",
      after: ["request", "a,b"],
      isDone: () => pull()?.requestedReviewers.join() === "b",
    },
    { deed: "edit-base", value: "a.json", isDone: () => history("main").length === 2 },
    { deed: "python-service", value: "clip", isDone: () => sandbox.github.pullRequests(REPOSITORY).length === 2 },
  ];

  test("can do everything that there is to do", () => {
    expect(DONE.map(({ deed }) => deed).sort()).toEqual(DEEDS.map(({ name }) => name).sort());
  });

  test.each(DONE)("does: $deed $value", async ({ deed, value = "", after, isDone }) => {
    const act = async (name: string, given: string) => {
      const body = JSON.stringify({ deed: name, repository: "models", number: "1", value: given });
      const answer = await fetch(`${control.url}/do/person`, { method: "POST", body });
      expect(answer.status, await answer.text()).toBe(200);
    };
    if (after !== undefined) await act(...after);
    expect(isDone(), "before").toBe(false);
    await act(deed, value);
    expect(isDone(), "after").toBe(true);
  });

  test("opens again, and is told why not", async () => {
    await cli("person", "close", "models");
    expect(await cli("person", "reopen", "models", "1")).toBe(`A person opens again: ${REPOSITORY}#1.`);
    await cli("person", "close", "models", "1", "nobody");
    expect(pull()?.closedBy).toBeNull();
    await cli("person", "amend", "models");
    await expect(cli("person", "reopen", "models")).rejects.toThrow(/was force-pushed or recreated/);
  });

  test.each<[string[], RegExp]>([
    [["fly", "models"], /deed must be one of merge, close/],
    [["close", "nowhere"], /repository must be one of octo-org\/models/],
    [["close", "models", "9"], /number must be one of 1/],
    [["close", "models", "1", "ghost"], /value must be one of person, bot, app, nobody/],
    [["label", "models", "1"], /value must name at least one/],
  ])("who does %j is told what would do", async (args, message) => {
    await expect(cli("person", ...args)).rejects.toThrow(message);
  });
});

describe("conditions and time, by the command line", () => {
  test("begin and end", async () => {
    expect(await cli("begin", "archived", "models")).toBe(`Archived: ${REPOSITORY}.`);
    expect(await cli("conditions")).toMatch(/archived +Archived +now: octo-org\/models/);
    await expect(cli("begin", "weather")).rejects.toThrow(/condition must be one of renamed/);
    expect(await cli("end", "archived")).toBe("No more: Archived.");
    await expect(cli("end", "archived")).rejects.toThrow("archived is not so");
    await cli("begin", "sso");
    expect(await cli("kind")).toBe("GitHub is kind again.");
    expect(sandbox.conditions.active()).toEqual([]);
  });

  test("let time pass", async () => {
    const before = sandbox.now();
    expect(await cli("advance", "90")).toMatch(/^It is \d{4}-\d\d-\d\d \d\d:\d\d UTC now\.$/);
    expect(sandbox.now() - before).toBeGreaterThanOrEqual(90 * 60_000);
    await expect(cli("advance", "never")).rejects.toThrow("minutes must be a number above 0");
  });
});

describe("what nobody can act on", () => {
  const send = async (action: string, body: string) => {
    const answer = await fetch(`${control.url}/do/${action}`, { method: "POST", body });
    return { status: answer.status, text: await answer.text() };
  };
  const idle = () => [...sandbox.primary.faults.list(), ...sandbox.github.faults.list()];

  test.each<[string, string, object | string, RegExp]>([
    [
      "a field that nobody knows",
      "fault",
      { type: "hang", target: "primary" },
      /target is no field of this: .*server, type/,
    ],
    ["a fault of no server", "fault", { type: "hang" }, /server is missing/],
    ["a fault of another server", "fault", { server: "Primary", type: "hang" }, /server must be primary or github/],
    ["times that are no number", "fault", { server: "github", type: "hang", times: "twice" }, /times must be a number/],
    ["a status that is none", "fault", { server: "github", type: "status", status: "-1" }, /status must be a number/],
    [
      "a field where there are none",
      "clear-faults",
      { server: "github" },
      /server is no field of this: there are none/,
    ],
    ["a misspelt field", "add", { category: "clip", nmae: "Y" }, /nmae is no field of this: .*category, name, record/],
    ["a body that is no object", "end-all", "[1]", /the body must be a JSON object, or a form/],
  ])("is told, and does nothing: %s", async (_what, action, body, message) => {
    const { status, text } = await send(action, typeof body === "string" ? body : JSON.stringify(body));
    expect([status, text]).toEqual([400, expect.stringMatching(message)]);
    expect(idle()).toEqual([]);
  });

  test("is told on the page too", async () => {
    const body = new URLSearchParams({ type: "hang", where: "github" });
    const page = await (await fetch(`${control.url}/do/fault`, { method: "POST", body })).text();
    expect(page).toContain("That did not work: where is no field of this");
    expect(idle()).toEqual([]);
  });

  test("is no empty field of a form, which stands for the default", async () => {
    const empty = { method: "", path: "", status: "", ms: "", retryAfter: "", times: "", skip: "", body: "" };
    await send("fault", JSON.stringify({ server: "primary", type: "trickle", ...empty }));
    expect(sandbox.primary.faults.list()).toEqual([{ times: 1, skip: 0, action: { type: "trickle" } }]);
  });
});

describe("the page", () => {
  test("has a button for what happens most, and each does it", async () => {
    await pushBranch(sandbox, "sync/models", { "a.json": "{}\n" });
    await openPull(sandbox);
    const page = await (await fetch(control.url)).text();
    for (const label of [
      "A person pushes",
      "A person edits the base",
      "An hour passes",
      "GitHub lags",
      "Credentials break",
    ]) {
      expect(page).toContain(`<button>${label}</button>`);
    }
    const press = async (action: string, fields: Record<string, string>) => {
      const body = new URLSearchParams(fields);
      return (await fetch(`${control.url}/do/${action}`, { method: "POST", body })).text();
    };
    expect(await press("person", { deed: "push", repository: REPOSITORY, value: "" })).toContain(
      "A person pushes to the branch",
    );
    expect(await press("begin", { condition: "lag-heads" })).toContain("Pull requests tell old heads: octo-org/models");
    expect(await press("begin", { condition: "app-suspended" })).toContain("App suspended");
    expect(await press("end-all", {})).toContain("GitHub is kind again.");
    expect(await press("person", { deed: "reopen", repository: REPOSITORY })).toContain("That did not work");
  });

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
