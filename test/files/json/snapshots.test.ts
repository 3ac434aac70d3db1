import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readMembers } from "../../../src/files/json/members.ts";
import { createJsonCodec } from "../../../src/files/json-codec.ts";
import { diffLines } from "../line-diff.ts";

/** Snapshots of the real repositories, beside this one where the project is developed. */
const DATA = new URL("../../../../shared/data/", import.meta.url);
const IMAGE = "AI-Horde-image-model-reference/";
const isAbsent = !existsSync(DATA);

function read(snapshot: string, file: string): string {
  return readFileSync(new URL(`${snapshot}/${IMAGE}${file}`, DATA), "utf8");
}

function apply(path: string, file: string, primary: string) {
  return createJsonCodec(path).apply({ primary, files: new Map([[path, file]]) });
}

/** As PRIMARY answers after an edit: two spaces, raw characters, no final newline. */
function reserialise(text: string): string {
  return JSON.stringify(JSON.parse(text), null, 2);
}

describe.skipIf(isAbsent)("the snapshots of the image repository", () => {
  it.each([
    ["in the legacy file's own bytes", (text: string) => text],
    ["re-serialised", reserialise],
  ])("stable_diffusion.json of March becomes June's byte for byte, PRIMARY's body %s", (_, serve) => {
    const june = read("2026-06", "stable_diffusion.json");
    const result = apply("stable_diffusion.json", read("2026-03", "stable_diffusion.json"), serve(june));
    expect(result.files.get("stable_diffusion.json") === june).toBe(true);
    expect(result.currentRecords).toBe(160);
    expect(apply("stable_diffusion.json", june, serve(june))).toMatchObject({ changes: [], files: new Map() });
  });

  const files = isAbsent ? [] : readdirSync(new URL(`2026-06/${IMAGE}`, DATA)).filter((name) => name.endsWith(".json"));

  it.each(files)("%s is in sync with itself in any layout", (name) => {
    const text = read("2026-06", name);
    for (const primary of [text, text.replaceAll("\r\n", "\n"), reserialise(text), JSON.stringify(JSON.parse(text))]) {
      expect(apply(name, text, primary)).toMatchObject({ changes: [], files: new Map() });
    }
  });

  it.each(files)("%s: one changed field of one record is one changed line, whichever record it is", (name) => {
    const text = read("2026-06", name);
    const members = readMembers(text);
    for (const { name: record } of [members[0], members.at(1), members.at(-1)].filter(
      (member) => member !== undefined,
    )) {
      const records = JSON.parse(text);
      records[record].name = "changed — é";
      const after = apply(name, text, JSON.stringify(records, null, 2)).files.get(name) ?? text;
      const { removed, added } = diffLines(...aroundChange(text, after));
      expect(removed).toHaveLength(1);
      expect(added).toEqual([removed[0]?.replace(/(?<=: ").*(?=")/, "changed \\u2014 \\u00e9")]);
    }
  });

  it.each(files)("%s: a removed record takes only its own lines, a new one brings only its own", (name) => {
    const text = read("2026-06", name);
    const members = readMembers(text);
    const first = members[0]?.name ?? "";
    const records = JSON.parse(text);
    const gone = records[first];
    delete records[first];
    const without = apply(name, text, JSON.stringify(records)).files.get(name) ?? text;
    const height = (members[0]?.value ?? "").split("\n").length;
    expect(without.split("\n")).toHaveLength(
      members.length > 1 ? text.split("\n").length - height : 1 + finalLines(text),
    );
    const added = apply(name, text, JSON.stringify({ ...JSON.parse(text), "brand new": gone })).files.get(name) ?? text;
    const last = members.at(-1)?.end ?? 0;
    expect(added.startsWith(`${text.slice(0, last)},`)).toBe(true);
    expect(added.endsWith(text.slice(last))).toBe(true);
  });
});

/** Both texts without their long common beginning and end, cut at line ends. */
function aroundChange(before: string, after: string): [string, string] {
  let head = 0;
  while (before[head] === after[head]) head += 1;
  head = before.lastIndexOf("\n", head) + 1;
  let tail = 0;
  const room = Math.min(before.length, after.length) - head;
  while (tail < room && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const rest = before.slice(before.length - tail);
  tail = rest.length - (rest.indexOf("\n") + 1);
  return [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
}

function finalLines(text: string): number {
  return text.slice(text.lastIndexOf("}")).split("\n").length - 1;
}
