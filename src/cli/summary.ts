/**
 * What a run comes to: its report on stdout, and the exit code. Pure but for the output it is given.
 */

import { hasFailed, type Report, type RepositoryReport } from "../contract/report.ts";
import { breakCommands } from "../core/inert.ts";
import { renderReport, type Todos } from "../present/text/report-text.ts";
import { choosePaint, paintReport } from "./colours.ts";
import { EXIT, type Host } from "./host.ts";
import { hasNews } from "./news.ts";
import type { Setup } from "./setup.ts";

/** A run that is held or rejected did its work; only one that failed, or a part of it, is a failure. */
export function exitCodeFor(report: Report): number {
  return hasFailed(report) ? EXIT.failed : EXIT.done;
}

/**
 * One line of JSON, or a summary for people; a quiet summary needs something new to tell.
 *
 * @param before what was told last, as far as it is known
 */
export async function showReport(
  report: Report,
  { isJson, isQuiet, config }: Pick<Setup, "isJson" | "isQuiet" | "config">,
  { stdout, env }: Pick<Host, "stdout" | "env">,
  before: readonly RepositoryReport[] = [],
): Promise<void> {
  if (isQuiet && !isJson && !hasNews(report, before)) return;
  const text = isJson
    ? `${JSON.stringify(report).replaceAll("##[", "#\\u0023[")}\n`
    : paintReport(
        breakCommands(renderReport(report, { todos: config.noPr ? TODOS_OF_NO_PR : TODOS, hasValues: report.dryRun })),
        choosePaint(stdout, env),
      );
  await stdout.write(text);
}

const TODOS: Todos = {
  planned: "Run again without --dry-run to publish.",
  "below-threshold": "Wait, or run with --force to publish them now.",
  held: "Check PRIMARY. If the removals are meant, run once with --force and --categories.",
  rejected: "Change PRIMARY, or run once with --force to open a new pull request.",
  conflict: "Nothing yet: the next run tries again.",
  failed: "Mend what the error names, if it is ours; the next run tries again.",
};

const TODOS_OF_NO_PR: Todos = { ...TODOS, planned: "Run again without NO_PR and --no-pr to publish." };
