/**
 * What a reviewer wants to know of a record that comes or goes: a few of its facts on one line. Pure.
 */
import { toCodeSpan } from "../core/inert.ts";
import { parseJsonOrNull } from "../core/parse-json.ts";

const TEXTS = ["baseline", "style", "type"] as const;

/**
 * @param record JSON text of an object
 * @returns `: baseline …, style …, 2.1 GB, nsfw, https://…`; empty when it tells none of them
 */
export function describeRecord(record: string): string {
  const value: unknown = parseJsonOrNull(record);
  if (typeof value !== "object" || value === null) return "";
  const fields = new Map<string, unknown>(Object.entries(value));
  const facts = TEXTS.flatMap((field) => {
    const text = fields.get(field);
    return typeof text === "string" && text !== "" ? [`${field} ${toCodeSpan(text, 60)}`] : [];
  });
  facts.push(...sizeOf(fields));
  if (fields.get("nsfw") === true) facts.push("nsfw");
  for (const field of ["homepage", "url"]) {
    const link = fields.get(field);
    if (typeof link === "string" && link !== "") facts.push(toCodeSpan(link, 160));
  }
  return facts.length === 0 ? "" : `: ${facts.join(", ")}`;
}

function sizeOf(fields: ReadonlyMap<string, unknown>): string[] {
  const bytes = fields.get("size_on_disk_bytes");
  if (typeof bytes === "number" && bytes > 0) return [`${(bytes / 1e9).toFixed(1)} GB`];
  const parameters = fields.get("parameters");
  if (typeof parameters === "number" && parameters > 0)
    return [`${Number((parameters / 1e9).toPrecision(3))}B parameters`];
  return [];
}
