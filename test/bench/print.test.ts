/** What the benchmark prints of what it measured. */
import { expect, test } from "vitest";
import { printMarkdown, printText } from "../../bench/print.ts";
import type { MeasuredSituation, Results } from "../../bench/results.ts";
import type { Figure } from "../../bench/statistics.ts";

const figure = (median: number): Figure => ({ median, spread: 0, samples: 1 });
const both = (main: number, all: number) => ({ main: figure(main), all: figure(all) });

function situation(name: string, event: number): MeasuredSituation {
  const floors = {
    nothing: figure(1),
    requests: figure(2),
    "requests and KV": figure(3),
    parse: figure(4),
    sha1: figure(1),
  };
  return {
    name,
    title: name,
    budget: null,
    goal: null,
    heap: null,
    coldGoal: 2,
    githubCalls: 0,
    githubWrites: 0,
    primaryCalls: 1,
    bytesIn: 200,
    bytesOut: 300,
    bytesCompared: 0,
    chain: 1,
    kv: { reads: 2, writes: 0, lists: 0 },
    wallMs: figure(3),
    slowWallMs: figure(110),
    cpuMs: figure(event / 2),
    floorsMs: floors,
    peakMb: 80,
    ratios: { parse: null, requests: 1, everything: 1 },
    cold: {
      event: both(event - 2, event),
      floor: both(9, 10),
      nothing: both(1, 1),
      startUp: both(17, 18),
      kv: { reads: 2, writes: 0 },
    },
  };
}

const NOTHING: Results = {
  machine: {
    cpu: "a CPU",
    cores: 2,
    memoryGb: 8,
    os: "Linux 6",
    compatibilityDate: "2026-10-01",
    versions: { "horde-model-reference-sync": "1", node: "24", workerd: "1", wrangler: "4" },
  },
  measuredAt: "2026-11-28T00:00:00.000Z",
  data: "made up",
  runs: 1,
  situations: [],
  codecs: null,
  bundle: null,
  gitService: null,
  replica: null,
  days: null,
  commandLine: null,
};

test("cold runs have a table of their own, each against its floor", () => {
  const results = { ...NOTHING, situations: [situation("one-text", 20), situation("tenfold", 210)] };
  const printed = printMarkdown(results);
  expect(printed).toContain("| one-text | 18 ±0 | 20 ±0 | 9.0 ±0.0 | 10 ±0 | 2.0 ≤ 2 | 18 ±0 | 2 | 0 |");
  expect(printed).toContain("| tenfold | 208 ±0 | 210 ±0 | 9.0 ±0.0 | 10 ±0 | 21.0 > 2 | 18 ±0 | 2 | 0 |");
  expect(printed).toContain("- One text model in ten times the data: 10.5 times the CPU warm, 10.5 times cold.");
  expect(printed.indexOf("Warm:")).toBeLessThan(printed.indexOf("Cold:"));
  expect(printText(results)).toMatch(/\nCold:\n/);
});

test("a day and the command line are a line each", () => {
  const usage = (wall: number) => ({ wallMs: figure(wall), cpuMs: figure(wall), peakMb: figure(90) });
  const printed = printText({
    ...NOTHING,
    days: [
      {
        title: "nothing changes",
        kv: { reads: 3000, writes: 105, lists: 0 },
        runs: 5,
        primaryCalls: 1500,
        githubCalls: 40,
      },
    ],
    commandLine: { dryRun: usage(300), help: usage(30), nothing: usage(20) },
  });
  expect(printed).toContain(
    "A day, nothing changes: 3000 KV reads, 105 writes, 0 lists in 5 runs; 1500 PRIMARY calls, 40 GitHub calls.",
  );
  expect(printed).toContain(
    "300 ±0 ms, CPU 300 ±0 ms, 90 ±0 MB. The Python service, on a clone: 2200 ms, CPU 2100 ms, 97 MB (recorded",
  );
  expect(printed).toContain("`--help`: 30 ±0 ms; a Node that does nothing: 20 ±0 ms, so 1.5 times.");
  expect(printed).not.toContain("Cold:");
});

test("a codec is held against its floor", () => {
  const figures = (cpu: number) => ({ cpuMs: figure(cpu), singleThreadedCpuMs: figure(cpu - 1), wallMs: figure(cpu) });
  const codecs = [
    { name: "one record", goal: 3, codec: figures(12), floor: figures(4) },
    { name: "one model", goal: 5, codec: figures(30), floor: figures(5) },
  ];
  const printed = printText({ ...NOTHING, codecs });
  expect(printed).toContain(
    "Codec in a fresh process, one record: CPU 12 ±0 ms, parse + stringify in another 4.0 ±0.0 ms",
  );
  expect(printed).toContain(": 3.0 ≤ 3 times.");
  expect(printed).toContain(": 6.0 > 5 times.");
});
