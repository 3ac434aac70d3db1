/**
 * The programs of docs/library.md, as they stand there, on Node and in workerd, beside the package as it is published.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestHarness } from "wrangler";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { RECORD } from "../world/ground.ts";
import { type Consumer, createConsumer, readExamples } from "./consumer.ts";
import { IMAGE, seed, settingsFor } from "./world.ts";

const EXAMPLES = readExamples();

let consumer: Consumer;
let sandbox: Sandbox;
beforeAll(async () => {
  consumer = createConsumer();
  for (const [name, code] of EXAMPLES) consumer.write(name, code);
  sandbox = await startSandbox();
});
beforeEach(() => seed(sandbox));
afterAll(async () => {
  consumer.remove();
  await sandbox.close();
});

describe("the programs of docs/library.md", () => {
  it("are all there", () => {
    expect([...EXAMPLES.keys()]).toEqual([
      "image-generation.ts",
      "program.ts",
      "worker.ts",
      "plan.ts",
      "cron-worker.ts",
    ]);
  });

  it("compare and sync a category on Node", async () => {
    sandbox.primary.putRecord("image_generation", "First", RECORD);
    const { stdout } = await promisify(execFile)(process.execPath, ["program.ts"], {
      cwd: consumer.folder,
      env: { PATH: process.env["PATH"] ?? "", ...settingsFor(sandbox) },
    });
    const url = sandbox.github.pullRequests(IMAGE)[0]?.number;
    expect(url).toBe(1);
    expect(stdout.split("\n")).toEqual([
      "Using token authentication",
      "added First",
      expect.stringMatching(new RegExp(`^PR created: http.*/${IMAGE}/pull/1$`)),
      "",
    ]);
  });

  it("do nothing where nothing differs", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ["program.ts"], {
      cwd: consumer.folder,
      env: { PATH: process.env["PATH"] ?? "", ...settingsFor(sandbox) },
    });
    expect(stdout).toBe("Using token authentication\n");
    expect(sandbox.github.pullRequests(IMAGE)).toEqual([]);
  });

  it("compare and sync a category in workerd", async () => {
    sandbox.primary.putRecord("image_generation", "First", RECORD);
    const { tick, close } = await startWorker("worker.ts");
    try {
      expect(await tick()).toBe("ok");
      expect(sandbox.github.pullRequests(IMAGE)).toMatchObject([{ number: 1, state: "open" }]);
    } finally {
      await close();
    }
  });

  it("look by a cron in workerd, with their state in KV", async () => {
    const { tick, close } = await startWorker("cron-worker.ts");
    try {
      // The first look only notes the timestamp.
      expect(await tick()).toBe("ok");
      sandbox.primary.putRecord("esrgan", "First", RECORD);
      expect(await tick()).toBe("ok");
      expect(sandbox.github.pullRequests(IMAGE)).toMatchObject([{ number: 1, state: "open" }]);
    } finally {
      await close();
    }
  });

  it("plan, run and watch on Node, until they are told to stop", async () => {
    sandbox.primary.putRecord("esrgan", "First", RECORD);
    const child = execFile(process.execPath, ["plan.ts"], {
      cwd: consumer.folder,
      env: { PATH: process.env["PATH"] ?? "", ...settingsFor(sandbox) },
    });
    let printed = "";
    let isAsked = false;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.stdout?.on("data", (chunk: string) => {
      printed += chunk;
      // The run is over, and the watch begins.
      if (!isAsked && printed.includes(`${IMAGE}: created`)) {
        isAsked = true;
        setTimeout(() => child.kill("SIGINT"), 300);
      }
    });
    expect(await ended).toBe(0);
    expect(printed).toMatch(/^planned\nlibrary\/image\/esrgan\.json: \d+ → \d+ characters\n/);
  });
});

/** A Worker of the documentation, bundled and run by wrangler. */
async function startWorker(main: string) {
  const config = {
    name: "consumer",
    main,
    compatibility_date: "2026-10-01",
    compatibility_flags: ["nodejs_compat"],
    kv_namespaces: [{ binding: "STATE", id: "state" }],
  };
  consumer.write("wrangler.json", JSON.stringify(config));
  const configPath = join(consumer.folder, "wrangler.json");
  const server = createTestHarness({ workers: [{ configPath, vars: settingsFor(sandbox) }] });
  await server.listen();
  return {
    tick: async () => (await server.getWorker().scheduled({ cron: "* * * * *", scheduledTime: new Date() })).outcome,
    close: () => server.close(),
  };
}
