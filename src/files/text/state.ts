import type { ModelState } from "./model-diff.ts";
import type { ModelTable } from "./script/table.ts";

/** What the rows mean. */
export function stateOf({ rows, schema }: ModelTable): ModelState {
  return { models: rows.flatMap(({ model }) => model ?? []), schema };
}
