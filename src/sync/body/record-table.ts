/**
 * Records that come or go, as a table of what a reviewer decides by: baseline, style, size, nsfw, homepage. Pure.
 */
import { toCodeSpan } from "../../core/inert.ts";
import { parseJsonOrNull } from "../../core/parse-json.ts";
import { type Block, plain, record } from "./blocks.ts";

type Fields = ReadonlyMap<string, unknown>;

const COLUMNS: readonly { readonly heading: string; readonly cellOf: (fields: Fields) => string | null }[] = [
  { heading: "baseline", cellOf: (fields) => spanOf(fields, "baseline", 60) },
  { heading: "style", cellOf: (fields) => spanOf(fields, "style", 40) },
  { heading: "size", cellOf: sizeOf },
  { heading: "nsfw", cellOf: (fields) => (fields.get("nsfw") === true ? "yes" : null) },
  { heading: "homepage", cellOf: (fields) => spanOf(fields, "homepage", 160) ?? spanOf(fields, "url", 160) },
];

/**
 * @param heading of the first column, the records' names
 * @param records `text`: JSON of an object
 */
export function recordTable(
  heading: string,
  records: readonly { readonly name: string; readonly text: string }[],
): Block[] {
  const rows = records.map(({ name, text }) => ({ name: toCell(toCodeSpan(name)), fields: fieldsOf(text) }));
  const columns = COLUMNS.filter(({ cellOf }) => rows.some(({ fields }) => cellOf(fields) !== null));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    plain(line([heading, ...columns.map((column) => column.heading)]), line(["---", ...columns.map(() => "---")])),
    ...rows.map(({ name, fields }) => record(line([name, ...columns.map(({ cellOf }) => cellOf(fields) ?? "")]))),
  ];
}

function fieldsOf(text: string): Fields {
  const value = parseJsonOrNull(text);
  return new Map<string, unknown>(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

function spanOf(fields: Fields, name: string, limit: number): string | null {
  const value = fields.get(name);
  return typeof value === "string" && value !== "" ? toCell(toCodeSpan(value, limit)) : null;
}

function sizeOf(fields: Fields): string | null {
  const bytes = fields.get("size_on_disk_bytes");
  if (typeof bytes === "number" && bytes > 0) return `${(bytes / 1e9).toFixed(1)}\u00a0GB`;
  const parameters = fields.get("parameters");
  if (typeof parameters !== "number" || parameters <= 0) return null;
  return `${Number((parameters / 1e9).toPrecision(3))}B`;
}

/**
 * A code span within a table: a pipe ends a cell also there, unless a backslash stands before it; a backslash of the
 * text's own must not take that one for itself.
 *
 * @see https://github.github.com/gfm/#tables-extension-
 */
function toCell(span: string): string {
  return span.replace(/\\(?=\|)/g, "\\\u200b").replace(/\|/g, "\\|");
}
