import type { RepositoryReport } from "../../src/contract/report.ts";
import type { Files } from "./case-folder.ts";
import type { Played } from "./play.ts";

/**
 * The files of `expected/`, by their path in it: of the first run what is there after it, of a later one what is other
 * than before.
 */
export function toExpected(played: readonly Played[]): Files {
  const made = played.flatMap(({ step, result, files }, index) => {
    const before = played[index - 1]?.files ?? {};
    const other = Object.entries(files).filter(([path, text]) => before[path] !== text);
    const all: [string, string][] = [["report.json", `${JSON.stringify(told(result), null, 2)}\n`], ...other];
    return all.map(([path, text]): [string, string] => [step.name === "" ? path : `${step.name}/${path}`, text]);
  });
  return Object.fromEntries(made);
}

function told(result: Played["result"]) {
  if (result === null) return { outcome: "no run" };
  const { outcome, error, warnings, repositories } = result.report;
  return { outcome, ...(error === undefined ? {} : { error }), warnings, repositories: repositories.map(withoutIds) };
}

/** What changes with every word of a commit message tells nothing here. */
function withoutIds({ commit, ...report }: RepositoryReport) {
  return { ...report, commit: commit === null ? null : "made" };
}
