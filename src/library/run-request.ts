/**
 * What a caller of the library asks of a run. Pure.
 */
import { type CategoryName, selectCategories } from "../category-names.ts";
import type { Config } from "../config/config.ts";
import { SyncError } from "../core/errors.ts";
import type { RunRequest } from "../sync/run-request.ts";
import type { SyncRequest } from "./sync-request.ts";

/** @throws SyncError `bad-request` with a sentence that says what is valid */
export function toRunRequest({ categories, force = false }: SyncRequest, config: Config): Omit<RunRequest, "id"> {
  return {
    trigger: "manual",
    categories: categories === undefined ? null : readCategories(categories, config),
    isDryRun: config.dryRun,
    isForced: force,
  };
}

function readCategories(names: readonly string[], config: Config): readonly CategoryName[] {
  const selected = selectCategories(names);
  if ("problem" in selected) throw new SyncError("bad-request", selected.problem);
  const left = selected.filter((name) => !config.categories.includes(name));
  if (left.length === 0) return selected;
  throw new SyncError(
    "bad-request",
    `CATEGORIES_TO_SYNC leaves out ${left.join(", ")}. It has: ${config.categories.join(", ")}.`,
  );
}
