import assert from "node:assert/strict";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { CATEGORIES } from "../../../src/categories.ts";
import { refusedStableDiffusion } from "../../../src/files/checks/stable-diffusion.ts";
import type { Codec } from "../../../src/files/codec.ts";
import { readMembers } from "../../../src/files/json/members.ts";
import { hasClones, IMAGE, python, readAt, readVersions, SERVER } from "./clones.ts";
import { consecutive, countLines, randomPairs } from "./lines.ts";

/** The order in which PRIMARY writes a record that was edited there. */
const PRIMARY_ORDER = [
  ...["name", "type", "description", "version", "style", "nsfw", "download_all", "config", "available"],
  ...["features_not_supported", "inpainting", "baseline", "tags", "showcases", "min_bridge_version", "trigger"],
  ...["homepage", "size_on_disk_bytes", "optimization", "requirements"],
];
const OPTIONAL = PRIMARY_ORDER.filter(
  (name) => !["name", "type", "version", "nsfw", "download_all", "config", "inpainting", "baseline"].includes(name),
);

type Records = Record<string, unknown>;
const SERVED: Record<string, (text: string) => string> = {
  "the file's own bytes": (text) => text.replaceAll("\r\n", "\n"),
  "edited (two spaces, raw)": (text) => JSON.stringify(JSON.parse(text), null, 2),
  compact: (text) => JSON.stringify(JSON.parse(text)),
  "PRIMARY's order": (text) => JSON.stringify(inPrimaryOrder(JSON.parse(text), false), null, 2),
  "PRIMARY's order with nulls": (text) => JSON.stringify(inPrimaryOrder(JSON.parse(text), true), null, 2),
};
const RANDOM_PAIRS = 300;
const FEW_RANDOM_PAIRS = 60;

describe.skipIf(!hasClones)("the image repository's history, replayed", () => {
  const codecs = CATEGORIES.filter(({ role }) => role === "image").map(({ codec }) => codec);

  it.each(codecs.map((codec) => [codec.writes[0] ?? "", codec] as const))(
    "%s",
    (path, codec) => {
      const versions = readVersions(IMAGE, path).filter(isReference);
      const isMain = path === "stable_diffusion.json";
      const real = consecutive(versions);
      const pairs = [...real, ...randomPairs(versions, isMain ? RANDOM_PAIRS : FEW_RANDOM_PAIRS)];
      const judged = isMain ? createJudge() : null;
      const counts = { versions: versions.length, pairs: pairs.length, edits: 0, refused: 0, told: 0, renamed: 0 };
      const lines = { people: 0, ours: 0 };
      for (const [index, [before, after]] of pairs.entries()) {
        for (const [how, serve] of Object.entries(SERVED)) {
          const primary = serve(after);
          const result = replay({ codec, path, before, primary });
          counts.edits += 1;
          counts.renamed += result.renamed;
          assert.deepEqual(meaning(result.text, isMain), meaning(primary, isMain), how);
          if (how === "edited (two spaces, raw)" && index < real.length) {
            lines.people += countLines(before, after);
            lines.ours += countLines(before, result.text);
          }
          judged?.expectGood({ before, after, result: result.text });
        }
      }
      if (judged !== null) Object.assign(counts, judged.verdicts());
      console.log(path, JSON.stringify({ ...counts, lines }));
      expect(counts.refused).toBe(0);
      expect(lines.ours).toBeLessThanOrEqual(Math.max(40, 1.02 * lines.people));
    },
    1_200_000,
  );

  it("agrees with the validator on every version that stable_diffusion.json had, and on spoilt ones", () => {
    const versions = readVersions(IMAGE, "stable_diffusion.json").filter(isReference);
    const files = [...versions, ...versions.slice(-1).flatMap(spoil)];
    const verdicts = validate(files);
    const wrong = files.flatMap((text, index) => {
      const refused = refusedStableDiffusion(text);
      const { passes, says } = verdicts[index] ?? { passes: false, says: "" };
      return passes === (refused.length === 0)
        ? []
        : [{ index, of: versions.length, refused: refused.slice(0, 2), says }];
    });
    const passing = verdicts.filter(({ passes }) => passes).length;
    console.log("validator:", JSON.stringify({ files: files.length, passing, wrong: wrong.length }));
    expect(wrong).toEqual([]);
    expect(passing).toBeGreaterThan(0);
  }, 600_000);
});

interface Replay {
  readonly codec: Codec;
  readonly path: string;
  readonly before: string;
  readonly primary: string;
}

/** The text after the edit, which is checked by the codec's own laws. */
function replay({ codec, path, before, primary }: Replay): { text: string; renamed: number } {
  const files = new Map([[path, before]]);
  const result = codec.apply({ primary, files });
  const edited = new Map([...files, ...result.files]);
  const again = codec.apply({ primary, files: edited });
  expect({ changes: again.changes, files: again.files.size }).toEqual({ changes: [], files: 0 });
  expect(codec.diff({ before: files, after: edited }).changes).toEqual(result.changes);
  const text = edited.get(path) ?? before;
  expectUntouched(before, text, new Set(result.changes.flatMap((change) => namesOf(change))));
  return { text, renamed: result.changes.filter(({ kind }) => kind === "renamed").length };
}

function namesOf(change: { name: string; from?: string }): string[] {
  return change.from === undefined ? [change.name] : [change.name, change.from];
}

/** Records that are in both texts and not among the touched ones have the same bytes. */
function expectUntouched(before: string, after: string, touched: ReadonlySet<string>): void {
  const now = new Map(readMembers(after).map(({ name, value }) => [name, value]));
  const old = new Map(readMembers(before).map(({ name, value }) => [name, value]));
  for (const [name, value] of old) if (!touched.has(name)) expect(now.get(name)).toBe(value);
}

/** Collects what the validator shall be asked about: files whose state before and after it lets pass. */
function createJudge() {
  const cases: { before: string; after: string; result: string }[] = [];
  return {
    expectGood: (file: { before: string; after: string; result: string }) => cases.push(file),
    verdicts() {
      const texts = [...new Set(cases.flatMap(({ before, after, result }) => [before, after, result]))];
      const verdicts = validate(texts);
      const passes = new Map(texts.map((text, index) => [text, verdicts[index]?.passes === true]));
      const fair = cases.filter(({ before, after }) => passes.get(before) && passes.get(after));
      const refused = fair.filter(({ result }) => !passes.get(result)).length;
      const silent = cases.filter(({ result }) => !passes.get(result) && refusedStableDiffusion(result).length === 0);
      expect(silent.length).toBe(0);
      const told = cases.filter(({ result }) => !passes.get(result)).length;
      return { fair: fair.length, refused, told };
    },
  };
}

const Verdicts = z.array(z.object({ passes: z.boolean(), says: z.string() }));

function validate(files: readonly string[]): z.infer<typeof Verdicts> {
  const source = (module: string) =>
    readAt(SERVER, "v0.9.2", `horde_model_reference/${module.replaceAll(".", "/")}.py`);
  const modules = ["legacy.classes.raw_legacy_model_database_records", "legacy.validate_sd"];
  const sources = Object.fromEntries(modules.map((module) => [module, source(module)]));
  return Verdicts.parse(python("run-validator.py", { ...sources, files }));
}

/** One record of the file with one thing wrong, or only different, in many ways. */
function spoil(text: string): string[] {
  const [name = ""] = Object.keys(JSON.parse(text));
  const edits: ((record: Records) => Records)[] = [
    (record) => ({ ...record, odd: 1 }),
    (record) => Object.fromEntries(Object.entries(record).reverse()),
    ...Object.keys(JSON.parse(text)[name]).map((field) => (record: Records) => {
      const { [field]: _gone, ...rest } = record;
      return rest;
    }),
    ...PRIMARY_ORDER.flatMap((field) =>
      [
        null,
        1,
        1.5,
        "text",
        "",
        true,
        [],
        ["a"],
        [1],
        [1, 2.5],
        [true],
        [1, "a"],
        [null],
        {},
        { a: 1 },
        { a: [1.5] },
        { a: null },
      ].map((value) => (record: Records) => ({ ...record, [field]: value })),
    ),
    ...[
      { path: "a", odd: 1 },
      { path: "a" },
      { sha256sum: "b", path: "a" },
      { path: "a", md5sum: null },
      { file_name: "a" },
    ].map((entry) => (record: Records) => ({ ...record, config: { files: [entry] } })),
    (record) => ({ ...record, config: { download: [{ file_name: "a", file_path: "", file_url: "u" }] } }),
    (record) => ({ ...record, config: { download: [{ file_path: "", file_name: "a", file_url: "u" }] } }),
    (record) => ({ ...record, config: { download: [{ path: "p", file_name: "a", file_path: "", file_url: "u" }] } }),
    (record) => ({ ...record, features_not_supported: ["loras"] }),
    (record) => ({ ...record, features_not_supported: ["odd"] }),
  ];
  const spoilt = edits.map((edit) => {
    const records: Records = JSON.parse(text);
    return dumps({ ...records, [name]: edit(JSON.parse(text)[name]) });
  });
  const raw = [
    `\ufeff${text}`,
    text.trimEnd(),
    `${text}\n`,
    text.replaceAll("\n", "\r\n"),
    text.replace("    ", "\t"),
    text.replace("\n", " \n"),
    text.replace('"size_on_disk_bytes": ', '"size_on_disk_bytes": 1'),
    text.replace(/("size_on_disk_bytes": \d+)/, "$1.0"),
    text.replace(/"requirements": \{/, '"requirements": {"a": 1e5,'),
    text.replace(/\\u/, "\\U").replace("\\U", "\\u"),
    "{}\n",
    "{}",
  ];
  return [...spoilt, ...raw];
}

/** `json.dumps(value, indent=4)` and a newline, of values without fractions that Python writes in another way. */
function dumps(value: unknown): string {
  const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${JSON.stringify(value, null, 4).replace(/[^\n -~]/g, escapeUnit)}\n`;
}

function inPrimaryOrder(records: Record<string, Records>, hasNulls: boolean): Record<string, Records> {
  return Object.fromEntries(
    Object.entries(records).map(([name, record]) => {
      const known = PRIMARY_ORDER.filter((key) => key in record || (hasNulls && OPTIONAL.includes(key)));
      const others = Object.keys(record).filter((key) => !PRIMARY_ORDER.includes(key));
      return [name, Object.fromEntries([...known, ...others].map((key) => [key, record[key] ?? null]))];
    }),
  );
}

/** The parsed file; of stable_diffusion.json without nulls, which mean nothing there. */
function meaning(text: string, isMain: boolean): unknown {
  const reviver = (_key: string, value: unknown) => {
    if (!isMain || typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
  };
  return JSON.parse(text, reviver);
}

function isReference(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    return Object.values(value).every(
      (record) => typeof record === "object" && record !== null && !Array.isArray(record),
    );
  } catch {
    return false;
  }
}
