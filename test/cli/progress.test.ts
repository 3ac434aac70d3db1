import { describe, expect, it } from "vitest";
import { choosePaint, paintReport } from "../../src/cli/colours.ts";
import { createProgress } from "../../src/cli/progress.ts";
import type { Logger } from "../../src/core/log.ts";
import { createFakeHost } from "./fake-host.ts";

function linesOf(say: (log: Logger) => void, isVerbose = false): string[] {
  const lines: string[] = [];
  say(createProgress({ write: (line) => lines.push(line), paint: (_colour, text) => text, isVerbose }));
  return lines;
}

describe("progress", () => {
  it.each<[string, (log: Logger) => void, string[]]>([
    [
      "what is read and found",
      (log) => {
        log.info("run.started", { run: "mhx0", trigger: "cli", dryRun: true });
        log.debug("primary.fetched", { category: "clip", bytes: 1721 });
        log.debug("primary.fetched", { category: "blip", bytes: null });
        log.debug("category.compared", { category: "clip", standing: "drift", added: 1, removed: 0, modified: 2 });
        log.debug("category.compared", { category: "blip", standing: "in-sync", added: 0, removed: 0, modified: 0 });
        log.debug("category.compared", { category: "gfpgan", standing: "held", added: 0, removed: 9, modified: 0 });
        log.debug("category.compared", { category: "clip", standing: "failed", added: 0, removed: 0, modified: 0 });
        log.debug("category.compared", { category: "clip", standing: "drift", added: 0, removed: 0, modified: 0 });
      },
      [
        "run mhx0 (dry run, cli)",
        "clip: fetched, 2 kB",
        "blip: PRIMARY has none",
        "clip: compared, 1 added, 2 modified",
        "blip: compared, in sync",
        "gfpgan: compared, 9 removed, held",
        "clip: compared, failed",
        "clip: compared, to be repaired",
      ],
    ],
    [
      "what is planned and done, with what the logger carries",
      (log) => {
        const repository = log.with({ repository: "o/n" });
        repository.info("sync.planned", { outcome: "created", changes: 1 });
        repository.info("sync.concluded", { outcome: "created", pullRequest: 3 });
        repository.info("sync.concluded", { outcome: "in-sync", pullRequest: undefined });
        repository.error("sync.failed", { message: "no\nluck" });
      },
      [
        "o/n: 1 change, a pull request is due",
        "o/n: pull request opened, #3",
        "o/n: in sync",
        "o/n: failed: no\\nluck",
      ],
    ],
    [
      "trouble of any kind",
      (log) => {
        log.warn("something.new", { message: "why" });
        log.error("another.one");
      },
      ["something.new: why", "another.one"],
    ],
    [
      "nothing else",
      (log) => {
        log.debug("request", { url: "http://a" });
        log.info("run.finished", { outcome: "in-sync" });
        log.info("constructor");
      },
      [],
    ],
  ])("shows %s", (_what, say, lines) => {
    expect(linesOf(say)).toEqual(lines);
  });

  it("shows every event with all its fields when it is verbose, on one line and without control characters", () => {
    const lines = linesOf((log) => {
      log.with({ run: "mhx0" }).debug("request", { url: "http://a/?b=c", status: 200, none: undefined });
      log.info("state.odd", { text: "\u001b[31mred\n", list: [1] });
    }, true);
    expect(lines).toEqual([
      'request run=mhx0 url="http://a/?b=c" status=200',
      'state.odd text="\\u001b[31mred\\n" list=[1]',
    ]);
  });
});

describe("colours", () => {
  it.each<[string, boolean, Record<string, string>, boolean]>([
    ["a terminal", true, {}, true],
    ["a terminal with an empty NO_COLOR", true, { NO_COLOR: "" }, true],
    ["a terminal with NO_COLOR", true, { NO_COLOR: "0" }, false],
    ["a terminal that knows none", true, { TERM: "dumb" }, false],
    ["a pipe", false, {}, false],
  ])("are for %s or not", (_what, isTerminal, env, isColoured) => {
    const paint = choosePaint(createFakeHost({ isTerminal }).stdout, env);
    expect(paint("red", "text")).toBe(isColoured ? "\u001b[31mtext\u001b[0m" : "text");
  });

  it("of a report are by line, and change no letter", () => {
    const text =
      "run x: failed in 3 ms\n\no/n (main): failed\n  error (internal): bad\n  => do\n    + a\n    - b\n    ~ c (d)\n";
    const painted = paintReport(text, (colour, line) => `<${colour}>${line}`);
    expect(painted).toBe(
      "run x: failed in 3 ms\n\no/n (main): failed\n<red>  error (internal): bad\n<yellow>  => do\n<green>    + a\n<red>    - b\n<yellow>    ~ c (d)\n",
    );
  });
});
