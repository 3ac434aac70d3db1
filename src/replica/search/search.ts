/**
 * A search in v2 records, as the real server answers `/v2/search` and `/v2/{category}/search`. Pure.
 */
import type { JsonNode } from "../../files/json/tree.ts";
import { parseTextModelName } from "../convert/text/text-model-name.ts";
import type { RecordType } from "./fields.ts";
import type { FullRecord } from "./full-record.ts";
import { type Order, requireField, sortRecords } from "./order.ts";

export interface Search {
  /** `null`: whatever it is. */
  readonly nsfw: boolean | null;
  readonly inpainting: boolean | null;
  readonly baseline: string | null;
  readonly tagsAny: readonly string[] | null;
  readonly tagsAll: readonly string[] | null;
  readonly tagsNone: readonly string[] | null;
  /** Whatever its case. */
  readonly nameContains: string | null;
  /** For text models only. */
  readonly text: TextSearch | null;
  readonly order: Order | null;
  readonly limit: number;
  readonly offset: number;
}

export interface TextSearch {
  /** What the name begins with: `koboldcpp/`. */
  readonly backendPrefix: string | null;
  readonly isWithoutBackends: boolean;
  readonly isQuantised: boolean | null;
}

export const BACKEND_PREFIXES: Readonly<Record<string, string>> = { aphrodite: "aphrodite/", koboldcpp: "koboldcpp/" };

export interface Found {
  readonly results: readonly FullRecord[];
  /** Of all pages. */
  readonly total: number;
}

/** @throws OrderError */
export function searchRecords(records: readonly FullRecord[], search: Search): Found {
  const { order, limit, offset } = search;
  const matching = firstOfEachName(records.filter((record) => matches(record, search)));
  const sorted = order === null ? matching : sortRecords(matching, order);
  return { results: sorted.slice(offset, offset + limit), total: matching.length };
}

/** Fields that a search asks about must be there. @throws OrderError */
export function requireFields({ nsfw, baseline, inpainting, tagsAny, tagsAll, tagsNone }: Search, type: RecordType) {
  const asked = { nsfw, baseline, inpainting, tags: tagsAny ?? tagsAll ?? tagsNone };
  for (const [field, value] of Object.entries(asked)) if (value !== null) requireField(field, type);
}

/** Of records with one name the first counts. */
function firstOfEachName(records: readonly FullRecord[]): FullRecord[] {
  const seen = new Set<string>();
  return records.filter(({ name }) => !seen.has(name) && seen.add(name));
}

function matches(record: FullRecord, search: Search): boolean {
  const { fields, name } = record;
  const tags = new Set(textsOf(fields.get("tags")));
  return (
    (search.nsfw === null || wordOf(fields.get("nsfw")) === String(search.nsfw)) &&
    (search.inpainting === null || wordOf(fields.get("inpainting")) === String(search.inpainting)) &&
    (search.baseline === null || textOf(fields.get("baseline")) === search.baseline) &&
    (search.tagsAny === null || search.tagsAny.some((tag) => tags.has(tag))) &&
    (search.tagsAll === null || search.tagsAll.every((tag) => tags.has(tag))) &&
    (search.tagsNone === null || !search.tagsNone.some((tag) => tags.has(tag))) &&
    (search.nameContains === null || name.toLowerCase().includes(search.nameContains.toLowerCase())) &&
    (search.text === null || matchesText(name, search.text))
  );
}

function matchesText(name: string, { backendPrefix, isWithoutBackends, isQuantised }: TextSearch): boolean {
  const hasBackend = Object.values(BACKEND_PREFIXES).some((prefix) => name.startsWith(prefix));
  return (
    (backendPrefix === null || name.startsWith(backendPrefix)) &&
    !(isWithoutBackends && hasBackend) &&
    (isQuantised === null || (parseTextModelName(name).quantisation !== null) === isQuantised)
  );
}

function wordOf(node: JsonNode | undefined): string | null {
  return node?.kind === "word" ? node.source : null;
}

function textOf(node: JsonNode | undefined): string | null {
  return node?.kind === "string" ? node.content : null;
}

function textsOf(node: JsonNode | undefined): string[] {
  return node?.kind === "array" ? node.items.flatMap((item) => textOf(item) ?? []) : [];
}
