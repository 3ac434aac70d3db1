/**
 * `npm start`, as a newcomer runs it: a drift is waiting, and the printed commands work.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";

let started: ChildProcess;
let printed = "";

beforeAll(async () => {
  started = spawn(process.execPath, ["sandbox/start.ts"], { env: { ...process.env, PORT: "0" } });
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes("Stop with Ctrl+C")) resolve();
    };
    started.stdout?.on("data", listen);
    started.stderr?.on("data", listen);
    started.on("exit", (code) => reject(new Error(`npm start ended with ${code}:\n${printed}`)));
  });
});

afterAll(() => void started.kill("SIGTERM"));

test("the printed commands show the drift, publish it, and show its pull request", async () => {
  const [, statusUrl = ""] = /curl (http:\S+)\n/.exec(printed) ?? [];
  const [, token = "", syncUrl = ""] = /Bearer ([\w-]+)".* (http:\S+\/sync)\n/.exec(printed) ?? [];
  const [, controlUrl = ""] = /open {3}(http:\S+) {3}change PRIMARY/.exec(printed) ?? [];
  expect(await (await fetch(statusUrl)).text()).toContain("unknown");

  const headers = { authorization: `Bearer ${token}`, accept: "text/plain" };
  const report = await (await fetch(syncUrl, { method: "POST", headers })).text();

  expect(report).toMatch(/^run \S+: published/);
  expect(report).toContain("image_generation: 1 added, 1 removed, 1 modified");
  expect(report).toMatch(/http:\S+\/sandbox\/image-model-reference\/pull\/1/);
  expect(await (await fetch(statusUrl)).text()).toContain("pending");
  expect((await fetch(controlUrl)).status).toBe(200);
});

test("Ctrl+C ends it cleanly, and nothing is kept", async () => {
  const [, controlUrl = ""] = /open {3}(http:\S+) {3}change PRIMARY/.exec(printed) ?? [];
  const folder =
    /git push (\S+)\/sandbox\/image-model-reference/.exec(await (await fetch(controlUrl)).text())?.[1] ?? "";
  expect(existsSync(folder)).toBe(true);
  const exited = new Promise((resolve) => started.on("exit", resolve));
  started.kill("SIGINT");
  // 130 is the usual code of a program that was interrupted.
  expect([0, 130]).toContain(await exited);
  expect(existsSync(folder)).toBe(false);
});
