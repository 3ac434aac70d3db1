/** The pure parts of `npm run bench`: its options, its statistics and its tables. */
import { describe, expect, test } from "vitest";
import { createGate } from "../../bench/gate.ts";
import { parseOptions } from "../../bench/options.ts";
import { longestChain, summarize } from "../../bench/statistics.ts";
import { formatMarkdown, formatText } from "../../bench/table.ts";

const PARTS = ["quiet-tick", "in-sync", "git"];
const parse = (...args: string[]) => parseOptions(args, PARTS);

describe("the options of the benchmark", () => {
  test("without any, everything is measured and printed as text", () => {
    expect(parse()).toEqual({ kind: "options", options: { format: "text", only: PARTS, runs: 9 } });
  });

  test("parts may be given one by one or as a list, and are measured in their own order", () => {
    const parsed = parse("--only", "git", "--only=in-sync, quiet-tick", "--json", "--runs", "3");
    expect(parsed).toEqual({ kind: "options", options: { format: "json", only: PARTS, runs: 3 } });
    expect(parse("--only", "git")).toMatchObject({ options: { only: ["git"] } });
  });

  test("help is given whatever else is asked", () => {
    expect(parse("--help", "--runs", "no")).toEqual({ kind: "help" });
  });

  test.each([
    { args: ["--fast"], problem: "'--fast'", valid: "--only, --runs, --json, --markdown, --help" },
    { args: ["in-sync"], problem: "'in-sync'", valid: "--only" },
    { args: ["--runs"], problem: "'--runs <value>'", valid: "--runs" },
    { args: ["--only", "in-synch"], problem: '"in-synch"', valid: "quiet-tick, in-sync, git" },
    { args: ["--only", ""], problem: '""', valid: "quiet-tick, in-sync, git" },
    { args: ["--runs", "0"], problem: '"0"', valid: "from 1 to 1000" },
    { args: ["--runs", "2.5"], problem: '"2.5"', valid: "from 1 to 1000" },
    { args: ["--runs", "1001"], problem: '"1001"', valid: "from 1 to 1000" },
    { args: ["--json", "--markdown"], problem: "one of", valid: "--json and --markdown" },
  ])("$args is refused with what is valid", ({ args, problem, valid }) => {
    const parsed = parse(...args);
    expect(parsed).toEqual({ kind: "problem", problem: expect.stringContaining(problem) });
    expect(parsed).toEqual({ kind: "problem", problem: expect.stringContaining(valid) });
  });
});

describe("a figure", () => {
  test.each([
    { samples: [7], median: 7, spread: 0 },
    { samples: [3, 1, 2], median: 2, spread: 0.5 },
    { samples: [4, 1, 2, 3], median: 2.5, spread: 0.75 },
    { samples: [1, 1, 1, 1, 1000], median: 1, spread: 0 },
  ])("of $samples is the median, with half the distance between the quartiles", ({ samples, median, spread }) => {
    expect(summarize(samples)).toEqual({ median, spread, samples: samples.length });
  });
});

describe("the longest chain of round trips", () => {
  const call = (startedAt: number, endedAt: number) => ({ startedAt, endedAt });

  test.each([
    { what: "no call", calls: [], chain: 0 },
    { what: "one after another", calls: [call(0, 100), call(101, 201), call(202, 302)], chain: 3 },
    { what: "all at once", calls: [call(0, 100), call(1, 101), call(2, 102)], chain: 1 },
    { what: "a fork that joins", calls: [call(0, 100), call(101, 201), call(102, 205), call(206, 306)], chain: 3 },
    {
      what: "two repositories side by side",
      calls: [0, 110, 220].flatMap((at) => [call(at, at + 100), call(at + 1, at + 104)]),
      chain: 3,
    },
    {
      what: "one long call beside short ones",
      calls: [call(0, 400), call(0, 100), call(120, 220), call(240, 340)],
      chain: 3,
    },
  ])("of $what is $chain", ({ calls, chain }) => {
    expect(longestChain(calls)).toBe(chain);
    expect(longestChain(calls.toReversed())).toBe(chain);
  });
});

test("a gate lets so many in at once, and the others in their order", async () => {
  const gate = createGate(2);
  const entered: number[] = [];
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  for (const visitor of [1, 2, 3, 4]) gate.enter().then(() => entered.push(visitor));
  await settle();
  expect(entered).toEqual([1, 2]);
  gate.leave();
  await settle();
  expect(entered).toEqual([1, 2, 3]);
  for (let left = 0; left < 3; left++) gate.leave();
  await settle();
  expect(entered).toEqual([1, 2, 3, 4]);
  for (const visitor of [5, 6, 7]) gate.enter().then(() => entered.push(visitor));
  await settle();
  expect(entered).toEqual([1, 2, 3, 4, 5, 6]);
});

describe("a table", () => {
  const header = ["situation", "kB in", "CPU ms"];
  const rows = [
    ["a tick", "0.2", "3.6 ±0.1"],
    ["a | b", "1364", "40"],
  ];

  test("for a terminal aligns its columns and breaks long titles", () => {
    expect(formatText(header, rows)).toBe(
      [
        "             kB       CPU",
        "situation    in        ms",
        "---------  ----  --------",
        "a tick      0.2  3.6 ±0.1",
        "a | b      1364        40",
      ].join("\n"),
    );
  });

  test("for Markdown escapes what would end a cell", () => {
    expect(formatMarkdown(header, rows)).toBe(
      [
        "| situation | kB in | CPU ms |",
        "| --- | ---: | ---: |",
        "| a tick | 0.2 | 3.6 ±0.1 |",
        "| a \\| b | 1364 | 40 |",
      ].join("\n"),
    );
  });
});
