/**
 * The order of a search's results: values as Python compares them, records without a value at the end. Pure.
 */
import type { JsonNode } from "../../files/json/tree.ts";
import { compareCodePoints } from "../../files/python/python-text.ts";
import { isNull } from "../convert/json/lax-values.ts";
import { NESTED_FIELDS, type RecordType } from "./fields.ts";
import type { FullRecord } from "./full-record.ts";

/** Why results cannot be put in this order: a sentence for the one who asked. */
export class OrderError extends Error {}

export interface Order {
  /** A field, or a path of them: `model_classification__purpose`. */
  readonly path: string;
  readonly isDescending: boolean;
}

/** @throws OrderError */
export function sortRecords(records: readonly FullRecord[], { path, isDescending }: Order): FullRecord[] {
  const keyed = records.map((record) => ({ record, value: resolve(record, path) }));
  const sign = isDescending ? -1 : 1;
  keyed.sort((one, other) => sign * compareOptional(one.value, other.value, path));
  return keyed.map(({ record }) => record);
}

/** @throws OrderError when the type has no such field */
export function requireField(path: string, { name, fields }: RecordType): void {
  const [field = ""] = path.split("__");
  if (fields.includes(field)) return;
  const valid = fields.toSorted().map((known) => `'${known}'`);
  throw new OrderError(`Field '${field.slice(0, 80)}' does not exist on ${name}. Valid fields: [${valid.join(", ")}]`);
}

function resolve({ fields }: FullRecord, path: string): JsonNode | null {
  const [field = "", ...rest] = path.split("__");
  let node = fields.get(field) ?? null;
  let place = field;
  for (const part of rest) {
    const members = node?.kind === "object" ? node.members : [];
    const found = members.find(({ name }) => name === part)?.value ?? null;
    if (found === null && !NESTED_FIELDS[place]?.includes(part))
      throw new OrderError(`Field path '${path.slice(0, 80)}' is missing segment '${part.slice(0, 80)}'`);
    node = found;
    place = part;
  }
  return node === null || isNull(node) ? null : node;
}

function compareOptional(one: JsonNode | null, other: JsonNode | null, path: string): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  const compared = compareValues(one, other);
  if (compared !== null) return compared;
  throw new OrderError(`Cannot order by field '${path.slice(0, 80)}' because values are not mutually comparable`);
}

/** @returns `null` for what has no order */
function compareValues(one: JsonNode, other: JsonNode): number | null {
  if (one.kind === "string" && other.kind === "string") return compareCodePoints(one.content, other.content);
  if (one.kind === "array" && other.kind === "array") return compareLists(one.items, other.items);
  const [left, right] = [numberOf(one), numberOf(other)];
  return left === null || right === null ? null : left - right;
}

function compareLists(one: readonly JsonNode[], other: readonly JsonNode[]): number | null {
  for (const [index, item] of one.entries()) {
    const against = other[index];
    if (against === undefined) return 1;
    const compared = compareValues(item, against);
    if (compared !== 0) return compared;
  }
  return one.length - other.length;
}

/** Python's booleans are numbers. */
function numberOf(node: JsonNode): number | null {
  if (node.kind === "number") return Number(node.source);
  return node.kind === "word" && !isNull(node) ? Number(node.source === "true") : null;
}
