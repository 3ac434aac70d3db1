import { groupBy } from "./group-by.ts";
import { renamesOf } from "./model-diff.ts";
import { type PrimaryModel, readRecord } from "./primary/entries.ts";
import { writeModel } from "./primary/write-model.ts";
import { readModel } from "./script/model.ts";
import type { ModelRow, ModelTable } from "./script/table.ts";

/**
 * New names and the rows that they continue: the last ones of models that PRIMARY lacks, each nearly equal to one that
 * it has anew.
 */
export function findRowRenames(input: {
  readonly table: ModelTable;
  /** Rows of the models that PRIMARY lacks. */
  readonly gone: readonly ModelRow[];
  /** Models of PRIMARY without a row. */
  readonly come: readonly PrimaryModel[];
}): Map<string, ModelRow> {
  const { table, gone, come } = input;
  const { schema } = table;
  if (gone.length === 0 || come.length === 0) return new Map();
  const rows = new Map<string, ModelRow>();
  for (const [name, group] of groupBy(gone, ({ cells }) => cells[schema.nameColumn] ?? "")) {
    const last = group.findLast(({ model }) => model !== null);
    if (last !== undefined) rows.set(name, last);
  }
  const written = come.flatMap(({ name, entry }) => {
    const reading = readModel(writeModel({ schema, name, record: readRecord(entry), current: [] }), schema);
    return reading.kind === "model" ? [reading.model] : [];
  });
  const models = [...rows.values()].flatMap(({ model }) => model ?? []);
  const renames = renamesOf({ models, schema }, { models: written, schema });
  return new Map(
    [...renames].flatMap(([to, from]) => {
      const row = rows.get(from);
      return row === undefined ? [] : [[to, row] as const];
    }),
  );
}
