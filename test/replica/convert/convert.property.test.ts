import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CATEGORY_NAMES, type CategoryName } from "../../../src/categories.ts";
import { readMembers } from "../../../src/files/json/members.ts";
import { readLegacy } from "../../../src/replica/convert/legacy.ts";
import { printDocument, type ReferenceDocument } from "../../../src/replica/convert/reference-document.ts";
import { csvFile } from "../../files/text/arbitraries.ts";
import { convertFile, filesOf } from "./convert-file.ts";

const jsonCategory = fc.constantFrom(...CATEGORY_NAMES.filter((name) => name !== "text_generation"));
const name = fc.oneof(fc.constantFrom("a", "b", "__proto__", "1", "constructor"), fc.string({ maxLength: 4 }));
const scalar = fc.oneof(
  fc.constantFrom(
    "null",
    "true",
    "5",
    "-0.0",
    "1e400",
    "3.0",
    '"x"',
    '""',
    '"ckpt"',
    '"\\ud800"',
    '"flux_1"',
    '"anime"',
  ),
  fc.string({ unit: "binary", maxLength: 4 }).map((text) => JSON.stringify(text)),
);
const value = fc.oneof(
  { weight: 3, arbitrary: scalar },
  { weight: 1, arbitrary: fc.json({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }).map((items) => `[${items.join(",")}]`) },
);
/** An object with some of these fields, in any order and also twice. */
const objectOf = (fields: Readonly<Record<string, fc.Arbitrary<string>>>) =>
  fc
    .array(
      fc
        .constantFrom(...Object.keys(fields))
        .chain((key) => (fields[key] ?? value).map((text) => [key, text] as const)),
      { maxLength: 6 },
    )
    .map((members) => `{${members.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(",")}}`);
const listOf = (item: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 4, arbitrary: fc.array(item, { maxLength: 3 }).map((items) => `[${items.join(",")}]`) }, value);

const path = fc.constantFrom('"a.ckpt"', '"a.ckpt"', '"b"', '"v1.yaml"', '""', "1");
const config = objectOf({
  files: listOf(objectOf({ path, sha256sum: value, file_type: value })),
  download: listOf(objectOf({ file_name: path, file_url: value })),
  embedded_component_hashes: value,
});
/** Half of the records are nearly right. */
const record = fc.oneof(
  value,
  objectOf({ name: scalar, type: value, config, style: value, requirements: value }),
  objectOf({ config, tags: value, size_on_disk_bytes: value }).map(
    (text) => `{"name":"a","baseline":"flux_1"${text === "{}" ? "" : ","}${text.slice(1)}`,
  ),
);
const file = fc
  .array(fc.tuple(name, record), { maxLength: 5 })
  .map((members) => `{${members.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(",")}}`);

function checkDocument(document: ReferenceDocument): void {
  const printed = readMembers(printDocument(document));
  expect(printed.map((member) => [member.name, member.value])).toEqual([...document.records]);
  for (const text of document.records.values()) JSON.parse(text);
}

describe("converting any JSON object", () => {
  it("gives a record or a reason for every name, in the order of the file", () => {
    fc.assert(
      fc.property(jsonCategory, file, (category: CategoryName, text) => {
        const document = convertFile(category, text);
        const names = [...new Set(readMembers(text).map((member) => member.name))];
        const leftOut = new Set(document.issues.filter(({ isLeftOut }) => isLeftOut).map((issue) => issue.name));
        expect([...document.records.keys()]).toEqual(names.filter((key) => !leftOut.has(key)));
        expect(document.records.size + leftOut.size).toBe(names.length);
        expect(new Set(document.issues.map((issue) => issue.name)).size).toBe(document.issues.length);
        checkDocument(document);
      }),
      { numRuns: 300 },
    );
  });

  it("serves v1 as it is, and counts its names", () => {
    fc.assert(
      fc.property(jsonCategory, file, (category: CategoryName, text) => {
        const legacy = readLegacy(category, filesOf(category, text));
        expect(legacy.text).toBe(text);
        expect(legacy.records).toBe(new Set(readMembers(text).map((member) => member.name)).size);
        expect(legacy.issues.some(({ isLeftOut }) => isLeftOut)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});

describe("converting any models.csv", () => {
  it("tells in each format of the models that the other alone has", () => {
    fc.assert(
      fc.property(csvFile(), ({ text }) => {
        const document = convertFile("text_generation", text);
        const v1 = readLegacy("text_generation", filesOf("text_generation", text));
        const legacy = new Set(readMembers(v1.text).map(({ name }) => name));
        const told = new Set(document.issues.map((issue) => issue.name));
        const toldOfV1 = new Set(v1.issues.map((issue) => issue.name.trim()));
        for (const key of document.records.keys()) expect(legacy.has(key) || toldOfV1.has(key)).toBe(true);
        for (const key of legacy) {
          if (/^(?:aphrodite|koboldcpp)\//.test(key)) continue;
          expect(document.records.has(key) || told.has(key)).toBe(true);
        }
        checkDocument(document);
      }),
      { numRuns: 60 },
    );
  });
});
