/**
 * A random life of the service: what PRIMARY, people, GitHub and chance do between its runs. Deterministic for a seed.
 */
import { createRandom } from "../../sandbox/generate/random.ts";
import type { Report } from "../../src/contract/report.ts";
import { BRANCH } from "../world/ground.ts";
import { type KeptCommits, keepCommits } from "./kept-commits.ts";
import { chooseWeighted, PERSON_DEEDS, type Place } from "./person-deeds.ts";
import { RECORD } from "./scenarios.ts";
import { expectTold } from "./told.ts";
import { expectTidy, meansPrimary, openPulls } from "./truth.ts";
import type { Call, World } from "./world.ts";

export const LIFE_CATEGORIES = ["image_generation", "esrgan", "clip"] as const;
type CategoryName = (typeof LIFE_CATEGORIES)[number];

export interface LifeCounts {
  runs: number;
  deeds: number;
  quietPeriods: number;
  /** How often each outcome was reported. */
  readonly outcomes: Record<string, number>;
}

interface Life {
  readonly world: World;
  readonly random: ReturnType<typeof createRandom>;
  readonly counts: LifeCounts;
  readonly place: Place;
  readonly kept: KeptCommits;
  /** Bodies of categories before they were broken. */
  readonly good: Map<CategoryName, string>;
  readonly log: string[];
}

const DEEDS_BETWEEN_QUIET = 9;

/** @throws with everything that was done, when something is not as it must be after a quiet period */
export async function live(world: World, seed: number, runs: number, counts: LifeCounts): Promise<void> {
  const random = createRandom(seed);
  let serial = 0;
  const next = () => serial++;
  const { github, image: repository } = world;
  const place: Place = { github, repository, path: "stable_diffusion.json", random, next };
  const kept = keepCommits(github, repository);
  const life: Life = { world, random, counts, place, kept, good: new Map(), log: [] };
  const until = counts.runs + runs;
  try {
    await run(life, "tick");
    while (counts.runs < until) {
      for (let deed = 0; deed < DEEDS_BETWEEN_QUIET; deed++) {
        await doSomething(life);
        if (random.below(3) > 0) await run(life, random.below(4) === 0 ? "reconcile" : "tick");
      }
      await quieten(life);
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`seed ${seed}, after:\n${life.log.slice(-40).join("\n")}\n${message}`);
  }
}

async function run(life: Life, call: Call): Promise<Report | null> {
  const { world, counts, log } = life;
  world.clock.advance(60_000);
  const report = await world.run(call, { fetch: refusingForce });
  counts.runs++;
  for (const { outcome } of report?.repositories ?? []) counts.outcomes[outcome] = (counts.outcomes[outcome] ?? 0) + 1;
  log.push(`  ${typeof call === "string" ? call : JSON.stringify(call)} → ${describe(report)}`);
  const lost = life.kept.lost();
  if (lost.length > 0) throw new Error(`commits of people were lost: ${lost.join(", ")}`);
  const open = openPulls(world, world.image).filter(({ head }) => head.ref === BRANCH);
  if (open.length > 1) throw new Error(`${open.length} pull requests are open`);
  return report;
}

function describe(report: Report | null): string {
  if (report === null) return "nothing";
  const [repository] = report.repositories;
  return `${report.outcome}/${repository?.outcome ?? report.error?.message} ${repository?.error?.message ?? ""}`;
}

async function refusingForce(url: string, init: RequestInit): Promise<Response> {
  if (typeof init.body === "string" && /"force":\s*true/.test(init.body)) throw new Error(`${url} was forced`);
  return fetch(url, init);
}

/** Everything passes: what lags is told, what is broken is mended, and the service has time. */
async function quieten(life: Life): Promise<void> {
  const { world, counts } = life;
  world.github.endLag(world.image);
  world.github.faults.clear();
  world.primary.faults.clear();
  for (const [category, body] of life.good) world.primary.setCategory(category, body);
  life.good.clear();
  let repository: Report["repositories"][number] | undefined;
  for (let time = 0; time < 3; time++) {
    world.clock.advance(2 * 60 * 60_000);
    repository = (await run(life, "reconcile"))?.repositories[0];
  }
  const outcome = repository?.outcome;
  counts.quietPeriods++;
  const isHeld = Object.values(repository?.categories ?? {}).some(({ held }) => held !== undefined);
  const where = outcome === "in-sync" ? "main" : outcome === "current" ? BRANCH : null;
  if (where !== null && !isHeld && !meansPrimary(world, world.image, where))
    throw new Error(`${outcome}, and ${where} does not mean what PRIMARY says`);
  expectTidy(world);
  if (outcome !== "edited") expectTold(world, world.image);
  if (outcome === "failed" || outcome === "conflict") throw new Error(`it ends as ${outcome}`);
  const writes = world.calls().length;
  world.clock.advance(60 * 60_000);
  await run(life, "reconcile");
  const more = world.writes();
  if (more.length > 0) throw new Error(`it does not come to rest after ${writes} calls: ${more.join(", ")}`);
}

interface Deed {
  readonly weight: number;
  readonly name: string;
  act(life: Life): unknown;
}

const pick = <T>({ random }: Life, values: readonly T[]): T => {
  const value = values[random.below(values.length)];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
};

function records({ world }: Life, category: CategoryName): Record<string, object> {
  return JSON.parse(world.primary.category(category) ?? "{}");
}

const anyCategory = (life: Life) =>
  pick(
    life,
    LIFE_CATEGORIES.filter((category) => !life.good.has(category)),
  );

function textAt({ world }: Life, path: string): string {
  const bytes = world.github.readFile({ repository: world.image, ref: "main", path });
  return new TextDecoder().decode(bytes ?? undefined);
}

const DEEDS: readonly Deed[] = [
  deed(8, "PRIMARY adds a record", (life) =>
    life.world.primary.putRecord(anyCategory(life), `New ${life.place.next()}`, RECORD),
  ),
  deed(8, "PRIMARY edits a record", (life) => {
    const category = anyCategory(life);
    const [name, record] = pick(life, Object.entries(records(life, category)));
    life.world.primary.putRecord(category, name, { ...record, description: `Edit ${life.place.next()}` });
  }),
  deed(3, "PRIMARY removes a record", (life) => {
    const category = anyCategory(life);
    life.world.primary.removeRecord(category, pick(life, Object.keys(records(life, category))));
  }),
  deed(2, "PRIMARY removes most records", (life) => {
    const category = anyCategory(life);
    for (const name of Object.keys(records(life, category)).slice(0, 9))
      life.world.primary.removeRecord(category, name);
  }),
  deed(4, "PRIMARY goes back to the base", (life) => {
    const category = anyCategory(life);
    const path = category === "image_generation" ? "stable_diffusion.json" : `${category}.json`;
    life.world.primary.setCategory(category, textAt(life, path));
  }),
  deed(3, "PRIMARY breaks", (life) => {
    const category = anyCategory(life);
    life.good.set(category, life.world.primary.category(category) ?? "{}");
    life.world.primary.setCategory(category, pick(life, ["<html>", '{"a": 1}', '{"a": {', "[]"]));
  }),
  deed(3, "GitHub's lists lag", (life) =>
    life.world.github.startLag(life.world.image, { scope: pick(life, ["heads", "everything"]) }),
  ),
  deed(3, "GitHub's lists catch up", (life) => life.world.github.endLag(life.world.image)),
  deed(4, "GitHub fails", ({ world, random }) => {
    const action = { type: "status", status: 502, headers: {}, body: "<html>" } as const;
    world.github.faults.add({ skip: random.below(9), times: 1 + random.below(4), action });
  }),
  deed(2, "GitHub drops answers", ({ world, random }) =>
    world.github.faults.add({ skip: random.below(9), action: { type: "drop-after" } }),
  ),
  deed(2, "memory is lost", ({ world }) => world.kv.values.clear()),
  deed(2, "somebody forces a category", (life) =>
    run(life, { categories: [pick(life, LIFE_CATEGORIES)], isForced: true }),
  ),
  deed(1, "somebody runs a category", (life) => run(life, { categories: [pick(life, LIFE_CATEGORIES)] })),
  deed(2, "hours pass", ({ world, random }) => world.clock.advance(random.below(20) * 60 * 60_000)),
];

function deed(weight: number, name: string, act: Deed["act"]): Deed {
  return { weight, name, act };
}

/** What cannot be done now is not done. */
async function doSomething(life: Life): Promise<void> {
  const { random, counts, log } = life;
  const deed = chooseWeighted(ALL_DEEDS, random);
  const isService = deed.name.startsWith("somebody ");
  try {
    await deed.act(life);
  } catch (error) {
    if (isService) throw error;
    return;
  }
  counts.deeds++;
  log.push(deed.name);
}

const ALL_DEEDS: readonly Deed[] = [
  ...DEEDS,
  ...PERSON_DEEDS.map(({ act, leaves, ...rest }) => ({
    ...rest,
    act: ({ place, kept }: Life) => kept.during(leaves, () => act(place)),
  })),
];
