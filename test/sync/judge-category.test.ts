import { describe, expect, it } from "vitest";
import type { Category } from "../../src/categories.ts";
import { blobSha } from "../../src/files/blob.ts";
import type { CodecInput, CodecResult } from "../../src/files/codec.ts";
import { type TreeEntry, toShas } from "../../src/files/git-tree.ts";
import { createJsonCodec } from "../../src/files/json-codec.ts";
import { STANDARD_COLUMNS } from "../../src/files/text/script/schema.ts";
import { createTextCodec } from "../../src/files/text-codec.ts";
import { judgeCategory, type StandingQuery } from "../../src/sync/judge-category.ts";
import { filesKey } from "../../src/sync/memory.ts";
import { added } from "../fakes/drift.ts";

const json: Category = { name: "clip", role: "image", codec: createJsonCodec("clip.json") };

const records = (count: number) =>
  `{${Array.from({ length: count }, (_, index) => `\n  "m${index}": {"v": 1}`).join(",")}\n}\n`;

/** Each says something of its own, so that it is known under another name. */
const named = (prefix: string, count: number) =>
  JSON.stringify(
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`${prefix}${index}`, { is: `What only the record ${index} says.` }]),
    ),
  );

interface World {
  readonly category?: Category;
  /** Text of every file on the base branch. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** `null` is a 404. */
  readonly primary: string | Uint8Array | null;
  readonly known?: (input: { primary: string; key: string }) => StandingQuery["known"];
  readonly maxRemovalPercent?: number;
  readonly isForced?: boolean;
  /** Modes that are not those of a regular file. */
  readonly modes?: Readonly<Record<string, string>>;
  /** Files on the branch of an open pull request of ours. */
  readonly branch?: Readonly<Record<string, string>>;
}

const encode = (text: string | Uint8Array) => (typeof text === "string" ? new TextEncoder().encode(text) : text);

async function judge({ category = json, files = {}, primary, known, modes = {}, branch, ...rest }: World) {
  const blobs = new Map<string, Uint8Array>();
  const toTree = (texts: Readonly<Record<string, string | Uint8Array>>) =>
    new Map(
      Object.entries(texts).map(([path, text]): [string, TreeEntry] => {
        const sha = blobSha(encode(text));
        blobs.set(sha, encode(text));
        return [path, { mode: modes[path] ?? "100644", sha }];
      }),
    );
  const base = toTree(files);
  const onBranch = branch === undefined ? null : toTree(branch);
  const reads: string[] = [];
  const readBlob = async (sha: string) => {
    reads.push([...base].find(([, entry]) => entry.sha === sha)?.[0] ?? "another file");
    return blobs.get(sha) ?? new Uint8Array();
  };
  const bytes = encode(primary ?? "");
  const sha = await blobSha(bytes);
  const answer = primary === null ? ({ kind: "absent" } as const) : ({ kind: "present", bytes, sha } as const);
  const pair = known?.({ primary: sha, key: filesKey(category.codec, toShas(base)) });
  const guard = { maxRemovalPercent: 30, isForced: false, expected: null, ...rest };
  const query = { category, base, branch: onBranch, known: pair, answer, readBlob, guard };
  const standing = await judgeCategory(query);
  const texts = standing.kind === "drift" ? [...standing.files].map(([path, { text }]) => [path, text]) : [];
  return { standing, texts, reads };
}

describe("without a download", () => {
  it("knows that equal bytes are equal", async () => {
    const { standing, texts, reads } = await judge({ files: { "clip.json": records(2) }, primary: records(2) });
    expect([standing, texts, reads]).toEqual([{ kind: "in-sync", warnings: [] }, [], []]);
  });

  const same = { files: { "clip.json": records(2) }, primary: JSON.stringify(JSON.parse(records(2))) };

  it("knows that a remembered pair means the same", async () => {
    const { standing, texts, reads } = await judge({
      ...same,
      known: ({ primary, key }) => ({ stamp: null, primary, files: ["x", key] }),
    });
    expect([standing.kind, texts, reads]).toEqual(["in-sync", [], []]);
  });

  it.each<[string, World["known"]]>([
    ["nothing is remembered", undefined],
    ["another body is remembered", ({ key }) => ({ stamp: null, primary: "other", files: [key] })],
    ["other files are remembered", ({ primary }) => ({ stamp: null, primary, files: ["other"] })],
  ])("is not enough when %s", async (_what, known) => {
    const { standing, texts, reads } = await judge({ ...same, ...(known === undefined ? {} : { known }) });
    expect([standing.kind, texts, reads]).toEqual(["in-sync", [], ["clip.json"]]);
  });
});

describe("a change", () => {
  it("is told with the wanted text, and reads the file once", async () => {
    const primary = records(2).replace('"v": 1', '"v": 2');
    const { standing, texts, reads } = await judge({ files: { "clip.json": records(2) }, primary });
    expect(standing).toMatchObject({ kind: "drift", changes: [{ kind: "modified", name: "m0" }] });
    expect(texts).toEqual([["clip.json", primary]]);
    expect(reads).toEqual(["clip.json"]);
  });

  it("creates a missing file without reading anything", async () => {
    const { standing, texts, reads } = await judge({ primary: records(1) });
    expect([standing, texts.length, reads]).toMatchObject([{ kind: "drift", changes: [{ kind: "added" }] }, 1, []]);
  });

  it("keeps a byte order mark for the codec, and drops PRIMARY's", async () => {
    const seen: unknown[] = [];
    const codec = {
      ...json.codec,
      apply: (input: { primary: string; files: ReadonlyMap<string, string | null> }) => {
        seen.push(input.primary, input.files.get("clip.json"));
        return json.codec.apply(input);
      },
    };
    await judge({ category: { ...json, codec }, files: { "clip.json": "\ufeff{}" }, primary: "\ufeff{ }" });
    expect(seen).toEqual(["{ }", "\ufeff{}"]);
  });

  it("is none where the codec gives back a text that is there already", async () => {
    const result: CodecResult = {
      changes: [],
      files: new Map([["clip.json", "{}"]]),
      currentRecords: 0,
      warnings: ["w"],
    };
    const category = { ...json, codec: { ...json.codec, apply: () => result } };
    const { standing, texts } = await judge({ category, files: { "clip.json": "{}" }, primary: "{ }" });
    expect([standing, texts]).toEqual([{ kind: "in-sync", warnings: ["w"] }, []]);
  });
});

describe("what is held", () => {
  interface Case {
    readonly title: string;
    readonly world: World;
    readonly held: RegExp | null;
  }
  const on = (count: number) => ({ "clip.json": records(count) });
  it.each<Case>([
    { title: "an empty answer", world: { files: on(3), primary: "{}" }, held: /empty, and GitHub holds 3 records/ },
    { title: "an empty answer, forced", world: { files: on(3), primary: "{}", isForced: true }, held: null },
    { title: "an empty answer where nothing is", world: { files: { "clip.json": "{ }" }, primary: "{}" }, held: null },
    { title: "a 404", world: { files: on(3), primary: null }, held: /404/ },
    { title: "a 404, even forced", world: { files: on(3), primary: null, isForced: true }, held: /404/ },
    { title: "a 404 where nothing is", world: { primary: null }, held: null },
    { title: "four of five removed: too few to guard", world: { files: on(5), primary: records(1) }, held: null },
    {
      title: "five of six",
      world: { files: on(6), primary: records(1) },
      held: /remove 5 of 6 records \(83 %, allowed are 30 %\)/,
    },
    { title: "five of six, forced", world: { files: on(6), primary: records(1), isForced: true }, held: null },
    { title: "exactly the share that is allowed", world: { files: on(20), primary: records(14) }, held: null },
    { title: "one more than that", world: { files: on(20), primary: records(13) }, held: /remove 7 of 20/ },
    {
      title: "nothing may go",
      world: { files: on(100), primary: records(95), maxRemovalPercent: 0 },
      held: /remove 5 of 100/,
    },
    {
      title: "some removed and some renamed",
      world: { files: { "clip.json": named("a", 6) }, primary: named("b", 4) },
      held: /It would remove 2 and rename 4 of 6 records/,
    },
    { title: "all may go", world: { files: on(9), primary: '{"x": {}}', maxRemovalPercent: 100 }, held: null },
  ])("$title", async ({ world, held }) => {
    const { standing } = await judge(world);
    if (held === null) expect(standing.kind).not.toBe("held");
    else expect(standing).toMatchObject({ kind: "held", why: expect.stringMatching(held) });
  });

  it("is no empty answer where GitHub holds no record either, so that what else is wrong is repaired", async () => {
    const category: Category = { name: "text_generation", role: "text", codec: createTextCodec() };
    const files = {
      "models.csv": `${STANDARD_COLUMNS.join(",")}\r\n`,
      "db.json": '{\n    "stale": {}\n}\n',
      "defaults.json": "{}\n",
      "generation_params.json": "{}\n",
    };
    const { standing, texts } = await judge({ category, files, primary: "{}" });
    expect([standing.kind, texts.map(([path]) => path)]).toEqual(["drift", ["db.json"]]);
  });

  it("still tells what would change", async () => {
    const { standing } = await judge({ files: on(6), primary: records(1) });
    expect(standing).toMatchObject({ changes: { length: 5 } });
  });
});

describe("what a force published", () => {
  const six = { "clip.json": records(6) };

  it.each<[string, Readonly<Record<string, string>>, string, string]>([
    ["stays published", { "clip.json": records(1) }, records(1), "drift"],
    [
      "stays published with another change",
      { "clip.json": records(1) },
      records(1).replace('"v": 1', '"v": 2'),
      "drift",
    ],
    ["does not let more go", { "clip.json": records(2) }, records(1), "held"],
    ["is nothing where the branch did not change the category", six, records(1), "held"],
    ["stays published when all of it is gone", { "clip.json": "{}" }, "{}", "drift"],
  ])("%s", async (_what, branch, primary, kind) => {
    const { standing } = await judge({ files: six, branch, primary });
    expect(standing.kind).toBe(kind);
  });
});

describe("what is no regular file", () => {
  it.each([
    ["120000", /clip\.json on GitHub is a symbolic link; put an ordinary file in its place/],
    ["160000", /a submodule/],
    ["040000", /a folder/],
    ["123456", /an entry of mode 123456/],
  ])("of mode %s is refused by that name", async (mode, says) => {
    const world = { files: { "clip.json": "{}" }, modes: { "clip.json": mode }, primary: "{ }" };
    await expect(judge(world)).rejects.toMatchObject({
      code: "legacy-malformed",
      message: expect.stringMatching(says),
    });
  });

  it("an executable one is one", async () => {
    const { standing } = await judge({
      files: { "clip.json": "{}" },
      modes: { "clip.json": "100755" },
      primary: "{ }",
    });
    expect(standing.kind).toBe("in-sync");
  });
});

describe("what cannot be compared", () => {
  const broken = (message: string): Category => ({
    ...json,
    codec: {
      ...json.codec,
      apply: () => {
        throw new TypeError(message);
      },
    },
  });
  it.each<[string, World, string, RegExp]>([
    ["HTML from PRIMARY", { files: { "clip.json": "{}" }, primary: "<html>" }, "primary-malformed", /clip is HTML/],
    ["a list from PRIMARY", { files: { "clip.json": "{}" }, primary: "[]" }, "primary-malformed", /a list/],
    [
      "HTML from PRIMARY and a broken file, which is mended first",
      { files: { "clip.json": "{" }, primary: "<html>" },
      "legacy-malformed",
      /^clip\.json/,
    ],
    ["a broken file", { files: { "clip.json": '{"a": ' }, primary: "{}" }, "legacy-malformed", /clip\.json/],
    [
      "a Git LFS pointer",
      { files: { "clip.json": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n" }, primary: "{ }" },
      "legacy-malformed",
      /Git LFS pointer/,
    ],
    [
      "a file that is no UTF-8",
      { files: { "clip.json": new Uint8Array([0xff]) }, primary: "{}" },
      "legacy-malformed",
      /UTF-8/,
    ],
    [
      "a bug",
      { category: broken("secret detail"), primary: "{ }" },
      "internal",
      /^Comparing clip failed unexpectedly\.$/,
    ],
  ])("%s", async (_what, world, code, says) => {
    await expect(judge(world)).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
  });
});

describe("what a force published", () => {
  const open = { files: { "clip.json": records(10) }, primary: records(1) };

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ["stays published where the branch lacks all that would go", { "clip.json": records(1) }, "drift"],
    ["stays published where the branch lacks even more", { "clip.json": "{}" }, "drift"],
    ["is not told by a file that the branch lacks", {}, "held"],
    ["is not all of it", { "clip.json": records(5) }, "held"],
    ["is nothing", { "clip.json": records(10) }, "held"],
  ])("%s", async (_what, branch, kind) => {
    expect((await judge({ ...open, branch })).standing.kind).toBe(kind);
  });

  it("is nothing without a branch", async () => {
    expect((await judge(open)).standing.kind).toBe("held");
  });
});

it("tells of a 404 no change, as nothing is removed for it", async () => {
  const { standing } = await judge({ files: { "clip.json": records(1) }, primary: null });
  expect(standing).toEqual({
    kind: "held",
    changes: [],
    warnings: [],
    awaitsPrimary: true,
    why: expect.stringMatching(/^PRIMARY has no such category \(404\), and GitHub does\. Nothing is removed/),
  });
});

describe("a category of two files", () => {
  const result: CodecResult = { changes: [added("x")], files: new Map([["b", "B2"]]), currentRecords: 1, warnings: [] };
  const seen: unknown[] = [];
  const codec = {
    derived: [],
    writes: ["a", "b"],
    reads: ["c"],
    apply: (input: { files: ReadonlyMap<string, string | null> }) => {
      seen.push(Object.fromEntries(input.files));
      return result;
    },
    diff: () => ({ changes: [], warnings: [] }),
  };
  const category: Category = { name: "text_generation", role: "text", codec };

  it("gets all of them, and null for a missing one; equal bytes of one file prove nothing", async () => {
    const { texts } = await judge({ category, files: { a: '{"x": {}}', c: "C" }, primary: '{"x": {}}' });
    expect(seen).toEqual([{ a: '{"x": {}}', b: null, c: "C" }]);
    expect(texts).toEqual([["b", "B2"]]);
  });

  it("gets a derived one by its hash, and its text when it asks for it", async () => {
    const asked: unknown[] = [];
    const asking = {
      ...codec,
      derived: ["b"],
      apply({ files, shas }: CodecInput) {
        asked.push([Object.fromEntries(files), shas?.has("b")]);
        return files.has("b") ? result : { ...result, needs: ["b"] };
      },
    };
    const files = { a: '{"x": {}}', b: "B1", c: "C" };
    const { texts, reads } = await judge({ category: { ...category, codec: asking }, files, primary: '{"x": { }}' });
    expect(asked).toEqual([
      [{ a: '{"x": {}}', c: "C" }, true],
      [{ a: '{"x": {}}', b: "B1", c: "C" }, undefined],
    ]);
    expect(reads).toEqual(["a", "c", "b"]);
    expect(texts).toEqual([["b", "B2"]]);
  });
});
