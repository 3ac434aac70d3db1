import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { prepareFolder, writePlanned } from "../../src/cli/output-folder.ts";

const root = mkdtempSync(join(tmpdir(), "output-folder-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const newFolder = () => join(root, `${++made}`, "out");
const REPOSITORIES = ["haidra/image", "haidra/text"];
const clip = { repository: "haidra/image", path: "clip.json", before: "{}\r\n", after: '{"a": {}}\r\n' };
const blip = { repository: "haidra/image", path: "blip.json", before: null, after: "{}" };
const csv = { repository: "haidra/text", path: "models.csv", before: "name\n", after: "name\na\n" };

async function write(folder: string, ...planned: readonly (typeof clip | typeof blip)[]) {
  await prepareFolder(folder, REPOSITORIES);
  await writePlanned(folder, REPOSITORIES, planned);
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .flatMap((entry) => (entry.isFile() ? join(entry.parentPath, entry.name).slice(folder.length + 1) : []))
    .sort();
const read = (folder: string, ...path: string[]) => readFileSync(join(folder, ...path), "utf8");

describe("the output folder", () => {
  it("holds each file as it would be, a patch for each repository, and one for all", async () => {
    const folder = newFolder();
    await write(folder, clip, blip, csv);
    expect(filesIn(folder)).toEqual([
      "changes.diff",
      "haidra/image/blip.json",
      "haidra/image/changes.diff",
      "haidra/image/clip.json",
      "haidra/text/changes.diff",
      "haidra/text/models.csv",
    ]);
    expect(read(folder, "haidra/image/clip.json")).toBe(clip.after);
    const patches = [read(folder, "haidra/image/changes.diff"), read(folder, "haidra/text/changes.diff")];
    expect(read(folder, "changes.diff")).toBe(patches.join(""));
    expect(patches[0]).toContain('-{}\r\n+{"a": {}}\r\n');
    expect(patches[0]).toContain("new file mode 100644");
  });

  it("tells of the last run alone, and keeps what is not ours", async () => {
    const folder = newFolder();
    await write(folder, clip, blip, csv);
    writeFileSync(join(folder, "haidra/image/notes.txt"), "mine");
    await write(folder, clip);
    expect(filesIn(folder)).toEqual([
      "changes.diff",
      "haidra/image/changes.diff",
      "haidra/image/clip.json",
      "haidra/image/notes.txt",
    ]);
    await write(folder);
    expect(filesIn(folder)).toEqual(["changes.diff", "haidra/image/notes.txt"]);
    expect(read(folder, "changes.diff")).toBe("");
  });

  it("removes nothing that a strange patch names outside of it", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "haidra/image"), { recursive: true });
    writeFileSync(join(folder, "precious"), "");
    writeFileSync(join(folder, "haidra/image/changes.diff"), "diff --git a/../../precious b/../../precious\n");
    await write(folder, clip);
    expect(existsSync(join(folder, "precious"))).toBe(true);
  });

  it("may not hold a clone in the place of its files", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "haidra/text/.git"), { recursive: true });
    await expect(write(folder, csv)).rejects.toThrow(`${join(folder, "haidra/text")} is a clone`);
  });

  it("says why it cannot be written", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, ".."), { recursive: true });
    writeFileSync(folder, "a file");
    await expect(write(folder, clip)).rejects.toThrow(
      `--output-dir ${folder} cannot be written: a file is in its place.`,
    );
    rmSync(folder);
    mkdirSync(join(folder, "haidra/image/clip.json"), { recursive: true });
    await expect(write(folder, clip)).rejects.toThrow("cannot be written: it is a folder.");
  });
});
