/**
 * What the real server's own code made of records, rows, names and searches that are made up here (`record.py`).
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { CATEGORY_NAMES, type CategoryName } from "../../../src/categories.ts";
import { printDocument } from "../../../src/replica/convert/reference-document.ts";
import { groupModels } from "../../../src/replica/convert/text/grouped-models.ts";
import { inferNameFormat } from "../../../src/replica/convert/text/name-format.ts";
import { textModelGroup } from "../../../src/replica/convert/text/text-model-group.ts";
import { parseTextModelName } from "../../../src/replica/convert/text/text-model-name.ts";
import { referenceOf } from "../../fakes/replica.ts";
import { convertFile } from "../convert/convert-file.ts";
import { createReplicaApp, V2 } from "../serve/replica-app.ts";

const read = <T>(name: string, schema: z.ZodMiniType<T>): T =>
  schema.parse(JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8")));
const Category = z.enum(CATEGORY_NAMES);
const Nullable = z.nullable(z.string());
const texts = z.array(z.string());

const RECORDS = read(
  "records.json",
  z.array(z.object({ category: Category, name: z.string(), file: z.string(), result: Nullable })),
);
const ROWS = read("rows.json", z.array(z.object({ csv: z.string(), result: z.record(z.string(), z.string()) })));
const { names: NAMES, formats: FORMATS } = read(
  "names.json",
  z.object({
    names: z.array(
      z.tuple([
        z.string(),
        z.string(),
        z.string(),
        Nullable,
        Nullable,
        Nullable,
        Nullable,
        z.array(z.tuple([z.string(), z.string()])),
      ]),
    ),
    formats: z.array(z.tuple([texts, z.string(), texts, z.boolean(), Nullable, z.string()])),
  }),
);
const GROUPS = read("groups.json", z.object({ legacy: z.string(), grouped: z.string() }));
const SEARCHES = read(
  "searches.json",
  z.object({
    files: z.record(z.string(), z.string()),
    csv: z.string(),
    asked: z.array(
      z.object({
        category: Nullable,
        query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), texts])),
        status: z.number(),
        body: z.optional(z.string()),
        detail: z.optional(z.string()),
      }),
    ),
  }),
);

describe("the real converter's results, byte for byte", () => {
  it(`of ${RECORDS.length} records, of which some are refused`, () => {
    const refused = RECORDS.filter(({ result }) => result === null);
    expect(refused.length).toBeGreaterThan(20);
    expect(RECORDS.length - refused.length).toBeGreaterThan(200);
    for (const { category, name, file, result } of RECORDS) {
      const { records, issues } = convertFile(category, file);
      expect(records.get(name) ?? null, file).toBe(result);
      expect(
        issues.some(({ isLeftOut }) => isLeftOut),
        file,
      ).toBe(result === null);
    }
  });

  it(`of ${ROWS.length} rows of models.csv`, () => {
    for (const { csv, result } of ROWS) {
      expect(Object.fromEntries(convertFile("text_generation", csv).records), csv).toEqual(result);
    }
    expect(ROWS.filter(({ result }) => Object.keys(result).length === 0).length).toBeGreaterThan(10);
  });

  it(`of ${NAMES.length} names of text models, taken apart`, () => {
    for (const [name, group, ...parts] of NAMES) {
      const { base, size, variant, version, quantisation, extras } = parseTextModelName(name);
      const found = [base, size, variant, version, quantisation, extras.map(({ kind, value }) => [kind, value])];
      expect([textModelGroup(name), ...found], name).toEqual([group, ...parts]);
    }
  });

  it(`of ${FORMATS.length} groups of names`, () => {
    for (const [names, ...format] of FORMATS) {
      const { separator, partOrder, hasAuthor, commonAuthor, template } = inferNameFormat(names);
      expect([separator, partOrder, hasAuthor, commonAuthor, template], names.join(" | ")).toEqual(format);
    }
  });

  it("of the groups of a whole category", () => {
    expect(groupModels(GROUPS.legacy)).toBe(GROUPS.grouped);
  });
});

describe("the real server's searches", () => {
  const v2Of = (category: CategoryName) => {
    const text = category === "text_generation" ? SEARCHES.csv : (SEARCHES.files[category] ?? "{}");
    return printDocument(convertFile(category, text));
  };
  const references = Object.fromEntries(
    CATEGORY_NAMES.map((category) => [category, referenceOf(category, { v1: '{"any": {}}', v2: v2Of(category) })]),
  );

  it.each(SEARCHES.asked)("$category $query", async ({ category, query, status, body, detail }) => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      for (const one of [value].flat()) parameters.append(name, String(one));
    }
    const { ask } = createReplicaApp({ references });
    const path = category === null ? `${V2}/search` : `${V2}/${category}/search`;
    const answer = await ask(`${path}?${parameters}`);
    const text = await answer.text();
    expect(answer.status, text).toBe(status);
    if (body !== undefined) expect(text).toBe(body);
    else expect(JSON.parse(text)).toEqual({ detail: toOurs(detail ?? "") });
  });
});

/** The real server says of an order that cannot be made that the source is unknown. */
function toOurs(detail: string): string {
  const uncomparable = /^Unknown source: (Cannot order by field '[^']+' because values are not mutually comparable)/;
  return detail.replace(uncomparable, "Invalid sort_by field: $1").replace(/ comparable: \[.*\]$/, " comparable");
}
