import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createStateFile, requireWritable } from "../../src/cli/state-file.ts";
import { createStateStore, EMPTY_STATE } from "../../src/state/store.ts";
import { report } from "../fakes/report.ts";

const root = mkdtempSync(join(tmpdir(), "state-file-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const newPath = () => join(root, `${++made}`, "deep", "state.json");
const KNOWN = { ...EMPTY_STATE, lastUpdated: 100, lastCheckedAt: "2026-11-21T12:00:00.000Z" };

describe("the state in a file", () => {
  it("is empty before the first write, and then what was written", async () => {
    const path = newPath();
    const store = createStateStore(createStateFile(path));
    expect(await store.load()).toEqual(EMPTY_STATE);
    await store.save(KNOWN);
    expect(await createStateStore(createStateFile(path)).load()).toEqual(KNOWN);
  });

  it("is for its owner alone, and leaves nothing else in its folder", async () => {
    const path = newPath();
    const store = createStateStore(createStateFile(path));
    await store.save(KNOWN);
    await store.recordRun(report());
    expect(readdirSync(join(path, ".."))).toEqual(["state.json"]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await store.listRuns(10)).length).toBe(0);
  });

  it.each([
    ["cut short", '{"version":1,"lastUp'],
    ["not JSON", "\0\0\0"],
    ["of another version", '{"version":99}'],
    ["empty", ""],
  ])("that is %s costs requests only", async (_what, text) => {
    const path = newPath();
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
    expect(await createStateStore(createStateFile(path)).load()).toEqual({ ...EMPTY_STATE, isUnsettled: true });
  });

  it("is whole whenever it is read, with several writers", async () => {
    const path = newPath();
    const stores = Array.from({ length: 4 }, () => createStateStore(createStateFile(path)));
    const stamps = Array.from({ length: 10 }, (_, index) => index);
    const writing = stores.flatMap((store) => stamps.map((lastUpdated) => store.save({ ...KNOWN, lastUpdated })));
    const reading = stamps.map(async () => (await createStateStore(createStateFile(path)).load()).isUnsettled);
    expect(await Promise.all(reading)).toEqual(stamps.map(() => false));
    await Promise.all(writing);
    expect(readdirSync(join(path, ".."))).toEqual(["state.json"]);
  });

  it("that cannot be written is kept by the process, and fails aloud", async () => {
    const path = newPath();
    mkdirSync(path, { recursive: true });
    const file = createStateFile(path);
    await expect(file.put("state", "kept")).rejects.toMatchObject({ code: "EISDIR" });
    expect(await file.get("state")).toBe("kept");
    expect(readdirSync(join(path, ".."))).toEqual(["state.json"]);
    rmSync(path, { recursive: true });
    await file.put("state", "written");
    expect(readFileSync(path, "utf8")).toBe("written\n");
  });
});

describe("the place of a state file", () => {
  it("is made, and nothing is written yet", async () => {
    const path = newPath();
    await requireWritable(path);
    expect(existsSync(join(path, ".."))).toBe(true);
    expect(existsSync(path)).toBe(false);
  });

  it("may not be a folder, nor below a file", async () => {
    const path = newPath();
    mkdirSync(path, { recursive: true });
    await expect(requireWritable(path)).rejects.toMatchObject({ code: "EISDIR" });
    writeFileSync(join(path, "file"), "");
    await expect(requireWritable(join(path, "file", "deep", "state.json"))).rejects.toMatchObject({ code: "ENOTDIR" });
  });
});
