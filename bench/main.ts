/** `npm run bench`: what the Worker costs. See docs/performance.md; `--help` tells the options. */
import { existsSync } from "node:fs";
import { measureBundle } from "./bundle.ts";
import { measureCodecs } from "./codec-process.ts";
import { measureCold } from "./cold/measure.ts";
import { measureCommandLine } from "./command-line.ts";
import { measureDays } from "./day.ts";
import { measureGitService } from "./git-service.ts";
import { searchHeap } from "./heap.ts";
import { describeMachine } from "./machine.ts";
import { measure } from "./measure.ts";
import { helpText, type Options, parseOptions } from "./options.ts";
import { printMarkdown, printText } from "./print.ts";
import { type Reference, readReference } from "./reference-data.ts";
import { measureReplica } from "./replica.ts";
import { type MeasuredSituation, type Results, toRatios } from "./results.ts";
import { makeSituation, SITUATION_NAMES } from "./situations.ts";
import { IS_MEASURABLE } from "./workerd-process.ts";
import { startWorld, type World } from "./world.ts";

const PARTS = [...SITUATION_NAMES, "codecs", "bundle", "git", "replica", "days", "command-line"];

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const parsed = parseOptions(args, PARTS);
  if (parsed.kind === "help") {
    console.log(helpText(PARTS));
    return 0;
  }
  if (parsed.kind === "problem") {
    console.error(parsed.problem);
    return 2;
  }
  if (!existsSync(new URL("../dist/worker.js", import.meta.url))) {
    console.error("There is no dist/worker.js to measure. Run npm run build first.");
    return 2;
  }
  // The local runtime asks Cloudflare for a sample of `request.cf` otherwise.
  process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
  const world = await startWorld();
  try {
    const results = await measureAll(parsed.options, world);
    console.log(print(results, parsed.options.format));
  } finally {
    await world.close();
  }
  return 0;
}

async function measureAll({ only, runs }: Options, world: World): Promise<Results> {
  const { title, reference } = readReference();
  const names = SITUATION_NAMES.filter((name) => only.includes(name));
  const situations: MeasuredSituation[] = [];
  for (const name of names) situations.push(await measureSituation({ name, reference, world, runs }));
  const part = async <T>(name: string, run: () => T | Promise<T>): Promise<T | null> => {
    if (!only.includes(name)) return null;
    return told(name, run);
  };
  return {
    machine: describeMachine(),
    measuredAt: new Date().toISOString(),
    data: title,
    runs,
    situations,
    codecs: await part("codecs", () => measureCodecs(Math.max(runs, 5))),
    bundle: await part("bundle", measureBundle),
    gitService: await part("git", () => measureGitService(reference, world)),
    replica: await part("replica", () => measureReplica(reference, world)),
    days: await part("days", () => measureDays(reference)),
    commandLine: await part("command-line", () => measureCommandLine(reference, world)),
  };
}

interface SituationInput {
  readonly name: string;
  readonly reference: Reference;
  readonly world: World;
  readonly runs: number;
}

async function measureSituation({ name, reference, world, runs }: SituationInput): Promise<MeasuredSituation> {
  const situation = makeSituation(name, reference);
  const { title, budget = null, goal = null, coldGoal = 2, searchesHeap = false } = situation;
  const measured = await told(name, () => measure(situation, world, runs));
  const cold = IS_MEASURABLE ? await told(`${name}, cold`, () => measureCold(situation, world, runs)) : null;
  const heap = searchesHeap ? await told(`${name}, heap`, () => searchHeap(situation, world)) : null;
  return { name, title, budget, goal, cold, coldGoal, ...measured, ratios: toRatios(measured), heap };
}

/** On the error stream, so that the output can be piped. */
async function told<T>(what: string, run: () => T | Promise<T>): Promise<T> {
  const startedAt = performance.now();
  process.stderr.write(`measuring ${what} …`);
  const result = await run();
  process.stderr.write(` ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);
  return result;
}

function print(results: Results, format: Options["format"]): string {
  switch (format) {
    case "json":
      return JSON.stringify(results, null, 2);
    case "markdown":
      return printMarkdown(results);
    case "text":
      return printText(results);
  }
}
