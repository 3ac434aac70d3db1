import { describe, expect, it } from "vitest";
import type { Category } from "../../src/categories.ts";
import { blobSha } from "../../src/files/blob.ts";
import type { CodecInput, CodecResult } from "../../src/files/codec.ts";
import { createJsonCodec } from "../../src/files/json-codec.ts";
import { type EvaluateInput, evaluateCategory } from "../../src/sync/evaluate.ts";
import { filesKey } from "../../src/sync/memory.ts";
import { added } from "../fakes/drift.ts";

const json: Category = { name: "clip", role: "image", codec: createJsonCodec("clip.json") };

const records = (count: number) =>
  `{${Array.from({ length: count }, (_, index) => `\n  "m${index}": {"v": 1}`).join(",")}\n}\n`;

interface World {
  readonly category?: Category;
  /** Text of every file on the base branch. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** `null` is a 404. */
  readonly primary: string | Uint8Array | null;
  readonly known?: (input: { primary: string; key: string }) => EvaluateInput["known"];
  readonly maxRemovalPercent?: number;
  readonly isForced?: boolean;
}

const encode = (text: string | Uint8Array) => (typeof text === "string" ? new TextEncoder().encode(text) : text);

async function evaluate({ category = json, files = {}, primary, known, ...rest }: World) {
  const blobs = new Map<string, Uint8Array>();
  const baseFiles = new Map<string, string>();
  for (const [path, text] of Object.entries(files)) {
    const sha = await blobSha(encode(text));
    baseFiles.set(path, sha);
    blobs.set(sha, encode(text));
  }
  const reads: string[] = [];
  const readBlob = async (sha: string) => {
    reads.push([...baseFiles].find(([, other]) => other === sha)?.[0] ?? sha);
    return blobs.get(sha) ?? new Uint8Array();
  };
  const bytes = encode(primary ?? "");
  const sha = await blobSha(bytes);
  const answer = primary === null ? ({ kind: "absent" } as const) : ({ kind: "present", bytes, sha } as const);
  const pair = known?.({ primary: sha, key: filesKey(category.codec, baseFiles) });
  const settings = { maxRemovalPercent: 30, isForced: false, ...rest };
  const state = await evaluateCategory({ category, baseFiles, known: pair, answer, readBlob, ...settings });
  return { state, reads };
}

describe("without a download", () => {
  it("knows that equal bytes are equal", async () => {
    const { state, reads } = await evaluate({ files: { "clip.json": records(2) }, primary: records(2) });
    expect([state.changes, state.files.size, state.held, reads]).toEqual([[], 0, null, []]);
  });

  const same = { files: { "clip.json": records(2) }, primary: JSON.stringify(JSON.parse(records(2))) };

  it("knows that a remembered pair means the same", async () => {
    const { state, reads } = await evaluate({
      ...same,
      known: ({ primary, key }) => ({ stamp: null, primary, files: ["x", key] }),
    });
    expect([state.files.size, reads]).toEqual([0, []]);
  });

  it.each<[string, World["known"]]>([
    ["nothing is remembered", undefined],
    ["another body is remembered", ({ key }) => ({ stamp: null, primary: "other", files: [key] })],
    ["other files are remembered", ({ primary }) => ({ stamp: null, primary, files: ["other"] })],
  ])("is not enough when %s", async (_what, known) => {
    const { state, reads } = await evaluate({ ...same, ...(known === undefined ? {} : { known }) });
    expect([state.files.size, reads]).toEqual([0, ["clip.json"]]);
  });
});

describe("a change", () => {
  it("is told with the wanted text, and reads the file once", async () => {
    const primary = records(2).replace('"v": 1', '"v": 2');
    const { state, reads } = await evaluate({ files: { "clip.json": records(2) }, primary });
    expect(state.changes).toMatchObject([{ kind: "modified", name: "m0" }]);
    expect(state.files).toEqual(new Map([["clip.json", primary]]));
    expect(reads).toEqual(["clip.json"]);
  });

  it("creates a missing file without reading anything", async () => {
    const { state, reads } = await evaluate({ primary: records(1) });
    expect([state.changes.length, [...state.files.keys()], reads]).toEqual([1, ["clip.json"], []]);
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
    await evaluate({ category: { ...json, codec }, files: { "clip.json": "\ufeff{}" }, primary: "\ufeff{ }" });
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
    const { state } = await evaluate({ category, files: { "clip.json": "{}" }, primary: "{ }" });
    expect(state).toMatchObject({ files: new Map(), warnings: ["w"], held: null });
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
    { title: "all may go", world: { files: on(9), primary: '{"x": {}}', maxRemovalPercent: 100 }, held: null },
  ])("$title", async ({ world, held }) => {
    const { state } = await evaluate(world);
    if (held === null) expect(state.held).toBe(null);
    else expect(state.held).toMatch(held);
  });

  it("still tells what would change", async () => {
    const { state } = await evaluate({ files: on(6), primary: records(1) });
    expect(state.changes).toHaveLength(5);
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
    ["a broken file", { files: { "clip.json": '{"a": ' }, primary: "{}" }, "legacy-malformed", /clip\.json/],
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
    await expect(evaluate(world)).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
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
    const { state } = await evaluate({ category, files: { a: '{"x": {}}', c: "C" }, primary: '{"x": {}}' });
    expect(seen).toEqual([{ a: '{"x": {}}', b: null, c: "C" }]);
    expect(state.files).toEqual(new Map([["b", "B2"]]));
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
    const { state, reads } = await evaluate({ category: { ...category, codec: asking }, files, primary: "{ }" });
    expect(asked).toEqual([
      [{ a: '{"x": {}}', c: "C" }, true],
      [{ a: '{"x": {}}', b: "B1", c: "C" }, undefined],
    ]);
    expect(reads).toEqual(["a", "c", "b"]);
    expect(state.files).toEqual(new Map([["b", "B2"]]));
  });
});
