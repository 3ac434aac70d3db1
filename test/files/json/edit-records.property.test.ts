import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNull } from "../../../src/files/checks/node-rules.ts";
import { readMembers } from "../../../src/files/json/members.ts";
import { type JsonNode, parseNode } from "../../../src/files/json/tree.ts";
import { createJsonCodec, STABLE_DIFFUSION } from "../../../src/files/json-codec.ts";
import {
  anyMembers,
  anyModel,
  anyStyle,
  type Model,
  type ModelMember,
  meantMembers,
  nameOf,
  oddName,
  oddScalar,
  parseJson,
  type TextStyle,
  writeRecords,
  writeValue,
} from "./json-model.ts";

const codec = createJsonCodec("records.json");

function apply(file: string | null, primary: string) {
  return codec.apply({ primary, files: new Map([["records.json", file]]) });
}

function applied(file: string, primary: string): string {
  return apply(file, primary).files.get("records.json") ?? file;
}

/** What to do to a file's records, by position. */
interface Plan {
  readonly removed: readonly number[];
  readonly changed: readonly { readonly index: number; readonly field: ModelMember }[];
  readonly added: readonly { readonly index: number; readonly member: ModelMember }[];
}

function anyPlan(record: fc.Arbitrary<Model>, name: fc.Arbitrary<string>, value: fc.Arbitrary<Model>) {
  const index = fc.nat(8);
  const member = fc.record({ name, value: record });
  return fc.record<Plan>({
    removed: fc.array(index, { maxLength: 2 }),
    changed: fc.array(fc.record({ index, field: fc.record({ name, value }) }), { maxLength: 2 }),
    added: fc.array(fc.record({ index, member }), { maxLength: 3 }),
  });
}

/** PRIMARY's records after a plan: in the file's order, with one member per name. */
function follow(plan: Plan, file: readonly ModelMember[]): ModelMember[] {
  const changed = meantMembers(file).map((member, index): ModelMember => {
    const fields = plan.changed.filter((change) => change.index === index).map(({ field }) => field);
    if (fields.length === 0 || member.value.kind !== "object") return member;
    return { name: member.name, value: { kind: "object", members: [...member.value.members, ...fields] } };
  });
  const result = changed.filter((_, index) => !plan.removed.includes(index));
  const taken = new Set(changed.map(nameOf));
  for (const { index, member } of plan.added) {
    if (taken.has(nameOf(member))) continue;
    taken.add(nameOf(member));
    result.splice(Math.min(index, result.length), 0, member);
  }
  return result;
}

function compact(value: Model): string {
  return writeValue(value, { eol: "", colon: ":", gap: "", indent: null });
}

function parsed(text: string): unknown {
  return parseJson(text.replace(/^\ufeff/, ""));
}

function isSame(a: Model, b: Model): boolean {
  try {
    assert.deepStrictEqual(parseJson(compact(a)), parseJson(compact(b)));
    return true;
  } catch {
    return false;
  }
}

const record = anyModel(oddName, oddScalar);
const scenario = fc.record({
  file: anyMembers(oddName, record),
  fileStyle: anyStyle,
  primaryStyle: anyStyle.map((style): TextStyle => ({ ...style, bom: "" })),
  plan: anyPlan(record, oddName, record),
});

describe("any file in any style, with any set of changes", () => {
  it("means what PRIMARY says afterwards, and stays as it is the second time", () => {
    fc.assert(
      fc.property(scenario, ({ file, fileStyle, primaryStyle, plan }) => {
        const before = writeRecords(file, fileStyle).text;
        const primary = writeRecords(follow(plan, file), primaryStyle).text;
        const after = applied(before, primary);
        assert.deepStrictEqual(parsed(after), parsed(primary));
        expect(apply(after, primary)).toMatchObject({ changes: [], files: new Map() });
      }),
      { numRuns: 1000 },
    );
  });

  it("keeps the bytes of every untouched record, in order, and everything around the object", () => {
    fc.assert(
      fc.property(scenario, ({ file, fileStyle, primaryStyle, plan }) => {
        const before = writeRecords(file, fileStyle);
        const wanted = new Map(follow(plan, file).map((member) => [nameOf(member), member.value]));
        const after = applied(before.text, writeRecords([...follow(plan, file)], primaryStyle).text);
        const counting = new Set(meantMembers(file));
        let at = 0;
        for (const [index, member] of file.entries()) {
          const target = wanted.get(nameOf(member));
          if (!target || (counting.has(member) && !isSame(target, member.value))) continue;
          const source = before.sources[index] ?? "";
          const found = after.indexOf(source, at);
          expect(found, `${source} in ${after}`).toBeGreaterThanOrEqual(at);
          at = found + source.length;
        }
        expect(after.startsWith(`${fileStyle.bom}{`)).toBe(true);
        expect(after.endsWith(`}${fileStyle.end}`)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("reports exactly the records that differ", () => {
    fc.assert(
      fc.property(scenario, ({ file, fileStyle, primaryStyle, plan }) => {
        const wanted = follow(plan, file);
        const current = new Map(meantMembers(file).map((member) => [nameOf(member), member.value]));
        const names = new Set(wanted.map(nameOf));
        const expected = [
          ...wanted.flatMap((member) => {
            const old = current.get(nameOf(member));
            if (!old) return [`added ${nameOf(member)}`];
            return isSame(old, member.value) ? [] : [`modified ${nameOf(member)}`];
          }),
          ...[...current.keys()].filter((name) => !names.has(name)).map((name) => `removed ${name}`),
        ];
        const result = apply(writeRecords(file, fileStyle).text, writeRecords(wanted, primaryStyle).text);
        const told = result.changes.flatMap((change) =>
          change.kind === "renamed"
            ? [`removed ${change.from}`, `added ${change.name}`]
            : [`${change.kind} ${change.name}`],
        );
        expect(told.sort()).toEqual(expected.sort());
        expect(result.currentRecords).toBe(current.size);
      }),
      { numRuns: 500 },
    );
  });

  it("tells the same when the two files are compared, without PRIMARY", () => {
    fc.assert(
      fc.property(scenario, ({ file, fileStyle, primaryStyle, plan }) => {
        const before = writeRecords(file, fileStyle).text;
        const result = apply(before, writeRecords(follow(plan, file), primaryStyle).text);
        const files = new Map([["records.json", before]]);
        const { changes, warnings } = codec.diff({ before: files, after: new Map([...files, ...result.files]) });
        expect(changes).toEqual(result.changes);
        if (changes.length > 0) expect(warnings).toEqual(result.warnings);
      }),
      { numRuns: 1000 },
    );
  });

  it("writes only the style's own line endings", () => {
    fc.assert(
      fc.property(scenario, ({ file, fileStyle, primaryStyle, plan }) => {
        const before = writeRecords(file, { ...fileStyle, end: "" }).text;
        const after = applied(before, writeRecords(follow(plan, file), primaryStyle).text);
        fc.pre(before.includes("\n"));
        const foreign = fileStyle.eol === "\n" ? /\r/ : /(?<!\r)\n/;
        expect(after).not.toMatch(foreign);
      }),
      { numRuns: 300 },
    );
  });
});

describe("the same of a file whose touched records are put in a form", () => {
  const strict = createJsonCodec("stable_diffusion.json", STABLE_DIFFUSION);

  it("means what PRIMARY says but for nulls, stays so, and is told alike without PRIMARY", () => {
    fc.assert(
      fc.property(scenario, ({ file, fileStyle, primaryStyle, plan }) => {
        const primary = writeRecords(follow(plan, file), primaryStyle).text;
        const files = new Map([["stable_diffusion.json", writeRecords(file, fileStyle).text]]);
        const result = strict.apply({ primary, files });
        const edited = new Map([...files, ...result.files]);
        const after = edited.get("stable_diffusion.json") ?? "";
        assert.deepStrictEqual(withoutNulls(parsed(after)), withoutNulls(parsed(primary)));
        expect(strict.apply({ primary, files: edited })).toMatchObject({ changes: [], files: new Map() });
        expect(strict.diff({ before: files, after: edited }).changes).toEqual(result.changes);
        const now = new Map(readMembers(after).map(({ name, value }) => [name, value]));
        for (const { name } of result.changes) expect(hasNullMember(parseNode(now.get(name) ?? "{}"))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  function withoutNulls(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(withoutNulls);
    if (typeof value !== "object" || value === null) return value;
    const members = Object.entries(value).filter(([, member]) => member !== null);
    return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
  }

  function hasNullMember(node: JsonNode): boolean {
    if (node.kind === "array") return node.items.some(hasNullMember);
    return node.kind === "object" && node.members.some(({ value }) => isNull(value) || hasNullMember(value));
  }
});

describe("a modified record", () => {
  it("keeps the bytes of its untouched fields, in order", () => {
    const one = fc.record({
      fields: anyMembers(oddName, record).filter((members) => meantMembers(members).length === members.length),
      change: fc.record({ name: oddName, value: record }),
      style: anyStyle,
    });
    fc.assert(
      fc.property(one, ({ fields, change, style }) => {
        const wanted: ModelMember[] = [...fields, change];
        const indent = style.indents[0] ?? null;
        const file = writeRecords([{ name: '"r"', value: { kind: "object", members: fields } }], style).text;
        const primary = writeRecords([{ name: '"r"', value: { kind: "object", members: wanted } }], style).text;
        const after = applied(file, primary);
        let at = 0;
        for (const field of fields) {
          if (nameOf(field) === nameOf(change)) continue;
          const inner = indent === null ? "" : indent + indent;
          const source = field.name + style.colon + writeValue(field.value, { ...style, indent }, inner);
          at = after.indexOf(source, at);
          expect(at, `${source} in ${after}`).toBeGreaterThanOrEqual(0);
          at += source.length;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("a canonical file", () => {
  /** Names and scalars that survive a JavaScript object, spelled as Python spells them. */
  const name = fc.constantFrom("a", "b", "c d", "é", "😀", "x/y", "\u007f", 'q"q').map((text) => JSON.stringify(text));
  const scalar = fc.constantFrom("0", "-1", "12", "0.5", "true", "null", '""', '"é—"', '"\\n"', '"😀"', '"/"');
  const canonicalRecord = anyModel(name, scalar);

  /** Python's `json.dumps(value, indent=4) + "\n"`, by way of JavaScript's own serialiser. */
  function dumps(value: unknown): string {
    const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
    return `${JSON.stringify(value, null, 4).replace(/[^ -~\n]/g, escapeUnit)}\n`;
  }

  it("stays canonical, whatever PRIMARY's style", () => {
    const canonical = fc.record({
      file: anyMembers(name, canonicalRecord).map(meantMembers),
      primaryStyle: anyStyle,
      plan: anyPlan(canonicalRecord, name, canonicalRecord),
    });
    fc.assert(
      fc.property(canonical, ({ file, primaryStyle, plan }) => {
        const before = dumps(parseJson(compact({ kind: "object", members: file })));
        const primary = writeRecords(follow(plan, file), primaryStyle).text;
        const after = applied(before, primary);
        expect(after).toBe(dumps(parseJson(after)));
        assert.deepStrictEqual(parseJson(after), parsed(primary));
      }),
      { numRuns: 1000 },
    );
  });

  it("is what comes of a missing file", () => {
    fc.assert(
      fc.property(anyMembers(name, canonicalRecord), anyStyle, (members, style) => {
        fc.pre(members.length > 0);
        const primary = writeRecords(members, style).text;
        const after = apply(null, primary).files.get("records.json");
        expect(after).toBe(dumps(parsed(primary)));
      }),
      { numRuns: 300 },
    );
  });
});
