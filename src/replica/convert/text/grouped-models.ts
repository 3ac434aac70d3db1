/**
 * text_generation in v1 with every model's group and what its members have in common, as the real server answers
 * `?include_group=true`: the text of db.json on one line, with two more fields at the end of each entry.
 */
import { indexMembers, readMembers } from "../../../files/json/members.ts";
import { quoteAscii } from "../../../files/json/strings.ts";
import { type JsonNode, parseNode } from "../../../files/json/tree.ts";
import { compareCodePoints } from "../../../files/python/python-text.ts";
import { groupBy } from "../../../files/text/group-by.ts";
import { jsonField } from "../../../files/text/script/python-json.ts";
import { isFalsy } from "../json/lax-values.ts";
import { inferNameFormat } from "./name-format.ts";
import { textModelGroup } from "./text-model-group.ts";
import { parseTextModelName } from "./text-model-name.ts";

/** Part of the names of grouped bodies. Change it when the same files shall give another text. */
export const GROUPING = "group.1";

interface Entry {
  readonly name: string;
  readonly group: string;
  readonly fields: ReadonlyMap<string, JsonNode>;
}

/** @param dbJson an object of objects. @returns what Python's `json.dumps` writes of it and the groups */
export function groupModels(dbJson: string): string {
  const entries = [...indexMembers(readMembers(dbJson)).values()].map(({ name, value }): Entry => {
    const node = parseNode(value);
    const members = node.kind === "object" ? [...indexMembers(node.members).values()] : [];
    return { name, group: textModelGroup(name), fields: new Map(members.map((member) => [member.name, member.value])) };
  });
  const groups = groupBy(entries, ({ group }) => group);
  const summaries = new Map(Array.from(groups, ([group, members]) => [group, printSummary(members)]));
  return printObject(
    entries.map(({ name, group, fields }) => {
      const printed = new Map(Array.from(fields, ([key, value]) => [key, jsonField(value).text]));
      printed.set("text_model_group", quoteAscii(group)).set("text_model_group_summary", summaries.get(group) ?? "{}");
      return [name, printObject(printed)];
    }),
  );
}

function printSummary(members: readonly Entry[]): string {
  const parsed = members.map(({ name }) => parseTextModelName(name));
  const baselines = new Set(members.flatMap(({ fields }) => textOf(fields.get("baseline")) ?? []));
  const [baseline = null] = baselines;
  const has = (field: string) => members.some(({ fields }) => isTruthy(fields.get(field)));
  const { separator, partOrder, hasAuthor, commonAuthor, template } = inferNameFormat(members.map(({ name }) => name));
  const nameFormat = printObject([
    ["separator", quoteAscii(separator)],
    ["part_order", printList(partOrder)],
    ["author_included", String(hasAuthor)],
    ["common_author", printNullable(commonAuthor)],
    ["template", quoteAscii(template)],
  ]);
  return printObject([
    ["member_count", String(members.length)],
    ["available_sizes", printSorted(parsed.map(({ size }) => size))],
    ["available_quants", printSorted(parsed.map(({ quantisation }) => quantisation))],
    ["common_baseline", printNullable(baselines.size === 1 ? baseline : null)],
    ["any_nsfw", String(has("nsfw"))],
    ["any_has_description", String(has("description"))],
    ["merged_tags", printSorted(members.flatMap(({ fields }) => tagsOf(fields.get("tags"))))],
    ["name_format", nameFormat],
  ]);
}

function isTruthy(node: JsonNode | undefined): boolean {
  return node !== undefined && !isFalsy(node);
}

/** A text that is not empty. */
function textOf(node: JsonNode | undefined): string | null {
  return node?.kind === "string" && node.content !== "" ? node.content : null;
}

function tagsOf(node: JsonNode | undefined): string[] {
  return node?.kind === "array" ? node.items.flatMap((item) => (item.kind === "string" ? [item.content] : [])) : [];
}

function printNullable(text: string | null): string {
  return text === null ? "null" : quoteAscii(text);
}

/** Each once, by code point. */
function printSorted(texts: readonly (string | null)[]): string {
  return printList([...new Set(texts.filter((text) => text !== null))].sort(compareCodePoints));
}

function printList(texts: readonly string[]): string {
  return `[${texts.map(quoteAscii).join(", ")}]`;
}

function printObject(members: Iterable<readonly [name: string, value: string]>): string {
  return `{${Array.from(members, ([name, value]) => `${quoteAscii(name)}: ${value}`).join(", ")}}`;
}
