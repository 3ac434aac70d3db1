import { findStrays } from "../json/record-order.ts";
import type { CsvRow } from "./csv.ts";
import { addTo } from "./group-by.ts";
import type { Model } from "./script/model.ts";
import type { ModelRow, ModelTable } from "./script/table.ts";

/** A row of the new file: an old one, or, where `row` is `null`, a new one. */
export interface PlacedRow {
  readonly row: CsvRow | null;
  readonly cells: readonly string[];
  /** `null` where the script stops. */
  readonly model: Model | null;
  readonly issues: ModelRow["issues"];
}

/** A row with new cells. */
export interface WrittenRow extends PlacedRow {
  readonly model: Model;
}

export interface RowsToPlace {
  readonly table: ModelTable;
  /** Names of the models that shall be there, in PRIMARY's order. */
  readonly names: readonly string[];
  /** The rows that say something else now, or are new, by name. */
  readonly written: ReadonlyMap<string, WrittenRow>;
  /** Names of those that stand in the row of a model with another name. */
  readonly renamed: ReadonlySet<string>;
  readonly removed: ReadonlySet<CsvRow>;
}

/**
 * The rows of the new file in their order: old ones keep theirs, and a new one stands behind the last row of its PRIMARY
 * predecessor, the nearest model before it in PRIMARY that has one; without such a one it comes first.
 */
export function placeRows({ table, names, written, renamed, removed }: RowsToPlace): PlacedRow[] {
  const edited = new Map([...written.values()].flatMap((row) => (row.row === null ? [] : [[row.row, row] as const])));
  const old = table.rows
    .filter(({ row }) => !removed.has(row))
    .map((row): PlacedRow & { row: CsvRow } => ({ ...row, ...edited.get(row.row), row: row.row }));
  const named = old.map(({ model }) => ({ name: model?.name ?? "" }));
  const lastRow = new Map(old.flatMap(({ model, row }) => (model === null ? [] : [[model.name, row] as const])));
  const strays = renamed.size === 0 ? renamed : findStrays(named, names, renamed);
  const leaders: PlacedRow[] = [];
  const followers = new Map<CsvRow, PlacedRow[]>();
  let anchor: CsvRow | null = null;
  for (const name of names) {
    const row = written.get(name);
    if (row?.row === null) {
      if (anchor === null) leaders.push(row);
      else addTo(followers, anchor, row);
    } else if (!strays.has(name)) {
      anchor = lastRow.get(name) ?? anchor;
    }
  }
  return [...leaders, ...old.flatMap((row) => [row, ...(followers.get(row.row) ?? [])])];
}
