/**
 * Names below `sync/`: one that is in the way, and what the Python service left. Pure.
 */
import { SYNC_BRANCH } from "../config/sync-branch.ts";
import type { Found } from "./items.ts";
import type { OpenPull } from "./ports.ts";

/** The Python service makes `sync/clip/20260101-000000`, and `sync/multi-category/…`. */
export function leftoversAmong(branches: readonly string[]): string[] {
  return branches.filter((name) => name.startsWith("sync/") && name !== SYNC_BRANCH);
}

const MOST_NAMED = 5;

export function judgeNames(branches: readonly string[], pulls: readonly OpenPull[]): Found {
  if (branches.includes("sync"))
    return ["failed", `A branch named "sync" makes "${SYNC_BRANCH}" impossible. Rename or delete it.`];
  const leftovers = leftoversAmong(branches);
  if (leftovers.length === 0) return ["ok", `Nothing is in the way of ${SYNC_BRANCH}.`];
  const open = pulls.filter(({ head }) => leftovers.includes(head)).map(({ number }) => `#${number}`);
  const told = [
    `the ${leftovers.length === 1 ? "branch" : `${leftovers.length} branches`} ${listed(leftovers)}`,
    ...(open.length === 0 ? [] : [`the open pull ${open.length === 1 ? "request" : "requests"} ${listed(open)}`]),
  ];
  const cure = `Stop it, ${open.length === 0 ? "" : "close what is open, "}and delete the branches.`;
  return ["warning", `The Python service left ${told.join(", and ")}. ${cure}`];
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
