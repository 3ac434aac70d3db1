/**
 * The tables of README.md and docs/ that say what the code says: `npm run docs` writes them between
 * their markers, such as `<!-- table:outcomes -->` and `<!-- /table -->`.
 */
import { REPLICA_STATES } from "../src/present/replica-view.ts";
import { RUN_OUTCOMES } from "../src/present/run-wording.ts";
import { OUTCOMES, SERVICE_STATES, type Wording } from "../src/present/wording.ts";
import { type Blocks, writeBlocks } from "./readme-blocks.ts";
import { renderSettings } from "./readme-settings.ts";

/** `settings`; `states` of the service, `outcomes` of a repository, `runs`, and the copies of the `replica`. */
export const TABLES: Blocks = {
  states: renderTable("state", SERVICE_STATES),
  outcomes: renderTable("outcome", OUTCOMES),
  runs: renderTable("outcome", RUN_OUTCOMES),
  replica: renderTable("state", REPLICA_STATES),
  settings: renderSettings(),
};

function renderTable(what: string, words: Readonly<Record<string, Omit<Wording, "todo"> & Partial<Wording>>>): string {
  const hasTodo = Object.values(words).some(({ todo }) => todo !== undefined);
  const head = [what, "shown as", "what it means", ...(hasTodo ? ["what to do"] : [])];
  const rows = Object.entries(words).map(([name, { label, meaning, todo }]) => {
    return [`\`${name}\``, label, meaning, ...(hasTodo ? [todo ?? ""] : [])];
  });
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

if (import.meta.main) writeBlocks("table", TABLES);
