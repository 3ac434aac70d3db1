import { JsonTextError } from "../../json/json-text-error.ts";
import type { JsonNode } from "../../json/tree.ts";
import { printPythonNumber } from "../../python/python-number.ts";
import { strip } from "../../python/python-text.ts";
import type { Schema } from "../script/schema.ts";
import { readPythonJson } from "../script/settings.ts";
import type { ModelRow, ModelTable } from "../script/table.ts";

/**
 * Why PRIMARY cannot have the model of a row that the script takes, `null` where it can: its reader skips such a row,
 * and its records have no such settings. So it says nothing that PRIMARY lacks the model.
 */
export function whyNotHeld(cells: readonly string[], schema: Schema): string | null {
  const name = cells[schema.nameColumn] ?? "";
  if (strip(name) === "") return "it has no name";
  if (name.includes("://")) return "its name is a URL";
  const cell = schema.settingsColumn === null ? "" : (cells[schema.settingsColumn] ?? "");
  const settings = cell === "" ? null : readPythonJson(cell);
  if (settings === null || settings instanceof JsonTextError || settings.kind !== "object") return null;
  const values = settings.members.map(({ value }) => value);
  return values.every(isFlat) ? null : "its settings are not flat, or have a number that is too large";
}

/** The rows as PRIMARY reads them: without the models that it cannot have. */
export function asPrimaryReads(table: ModelTable): ModelTable {
  const { schema } = table;
  const rows = table.rows.map((row): ModelRow => {
    const reason = row.model === null ? null : whyNotHeld(row.cells, schema);
    if (reason === null) return row;
    const issue = { reason, cure: "mend the row, or remove it", isStop: false, isLeftOut: true };
    return { ...row, model: null, issues: [issue, ...row.issues] };
  });
  const issues = rows.flatMap(({ row, cells, issues }) =>
    issues.map((issue) => ({ ...issue, line: row.line, name: cells[schema.nameColumn] ?? "" })),
  );
  return { ...table, rows, issues };
}

/** A scalar, or a list of scalars. */
function isFlat(node: JsonNode): boolean {
  return node.kind === "array" ? node.items.every(isScalar) : isScalar(node);
}

function isScalar(node: JsonNode): boolean {
  if (node.kind === "array" || node.kind === "object") return false;
  if (node.kind === "word") return !["NaN", "Infinity", "-Infinity"].includes(node.source);
  return node.kind !== "number" || !printPythonNumber(node.source).endsWith("y");
}
