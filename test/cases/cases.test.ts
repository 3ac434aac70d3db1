/**
 * Each folder beside this file is a case: what stood on GitHub, what PRIMARY said, and what became of it. README.md says
 * how one is made of a bug report.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCase } from "./case-folder.ts";
import { settleExpected } from "./expected.ts";
import { type Played, playCase } from "./play.ts";
import { toExpected } from "./told.ts";

const ROOT = import.meta.dirname;
const NAMES = readdirSync(ROOT, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

describe.each(NAMES)("%s", (name) => {
  const folder = join(ROOT, name);

  it("ends as it is expected to, and stays so", async () => {
    const played = await playCase(readCase(folder));
    for (const one of played) expectSettled(one);
    const { snapshotUpdateState } = expect.getState().snapshotState;
    const differences = settleExpected({ folder, made: toExpected(played), update: snapshotUpdateState });
    for (const { message, expected, made } of differences) expect.soft(made, message).toBe(expected);
  });
});

/** Whatever a run did, one that remembers nothing finds nothing left to do. */
function expectSettled({ step, config, result, again }: Played): void {
  const at = step.name === "" ? "" : ` of ${step.name}`;
  expect
    .soft(config.warnings, `what the settings${at} are warned of; "warnings" of case.json has it`)
    .toEqual(step.warnings);
  if (again === null) return;
  const filesOf = ({ report }: NonNullable<Played["result"]>) => report.repositories.map(({ files }) => files);
  expect.soft(again.writes, `what a run writes after that${at}`).toEqual([]);
  expect
    .soft(filesOf(again.result), `the files that a run after that${at} tells of`)
    .toEqual(result === null ? [] : filesOf(result));
}
