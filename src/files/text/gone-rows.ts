import { groupBy } from "./group-by.ts";
import { whyNotHeld } from "./primary/holdable.ts";
import type { Schema } from "./script/schema.ts";
import type { ModelRow } from "./script/table.ts";

/** The rows of models that PRIMARY lacks: those that stay, as PRIMARY cannot hold them, and those that go. Others say no model. */
export function partGone(rows: readonly ModelRow[], schema: Schema): { kept: ModelRow[]; removed: ModelRow[] } {
  const kept: ModelRow[] = [];
  const removed: ModelRow[] = [];
  for (const group of groupBy(rows, ({ cells }) => cells[schema.nameColumn] ?? "").values()) {
    const models = group.filter(({ model }) => model !== null);
    if (models.every(({ cells }) => whyNotHeld(cells, schema) !== null)) kept.push(...models);
    else removed.push(...group);
  }
  return { kept, removed };
}
