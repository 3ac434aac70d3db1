/**
 * A random life of the service: what PRIMARY, people, GitHub and chance do between its runs. Deterministic for a seed.
 */
import { createRandom } from "../../sandbox/generate/random.ts";
import type { Report } from "../../src/contract/report.ts";
import { RECORD } from "./scenarios.ts";
import { expectTold } from "./told.ts";
import { expectTidy, meansPrimary, openPulls } from "./truth.ts";
import { BRANCH, type Call, type World } from "./world.ts";

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
  /** Commits by people that the service must not lose. */
  readonly theirs: Set<string>;
  /** Bodies of categories before they were broken. */
  readonly good: Map<CategoryName, string>;
  readonly log: string[];
  serial: number;
}

const DEEDS_BETWEEN_QUIET = 9;

/** @throws with everything that was done, when something is not as it must be after a quiet period */
export async function live(world: World, seed: number, runs: number, counts: LifeCounts): Promise<void> {
  const random = createRandom(seed);
  const life: Life = { world, random, counts, theirs: new Set(), good: new Map(), log: [], serial: 0 };
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
  const lost = [...life.theirs].filter((sha) => !reachable(world).has(sha));
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

/** All commits that a branch has, or that a pull request ended with. */
function reachable(world: World): ReadonlySet<string> {
  const heads = [
    ...Object.values(world.github.branches(world.image)),
    ...world.github.pullRequests(world.image).map(({ head }) => head.sha),
  ];
  return new Set(heads.flatMap((head) => world.github.history(world.image, head).map(({ sha }) => sha)));
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
  const more = world.calls().filter((call) => !call.startsWith("GET "));
  if (more.length > 0) throw new Error(`it does not come to rest after ${writes} calls: ${more.join(", ")}`);
}

type Deed = readonly [weight: number, name: string, act: (life: Life) => unknown];

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

function anyPull({ world, random }: Life) {
  const pulls = world.github.pullRequests(world.image);
  const open = pulls.find(({ state }) => state === "open");
  const one = open !== undefined && random.below(4) > 0 ? open : pulls[random.below(Math.max(1, pulls.length))];
  if (one === undefined) throw new Error("there is no pull request");
  return { repository: world.image, number: one.number };
}

const push = (life: Life, branch: string, path: string, text: string, rest: object = {}) =>
  life.world.github.commit({ repository: life.world.image, branch, files: { [path]: text }, ...rest });

function textAt({ world }: Life, ref: string, path: string): string {
  const bytes = world.github.readFile({ repository: world.image, ref, path });
  return new TextDecoder().decode(bytes ?? undefined);
}

function needBranch({ world }: Life): void {
  if (!(BRANCH in world.github.branches(world.image))) throw new Error("there is no branch");
}

/** Flips the first `false` of a file that people may edit by hand. */
const flip = (text: string) => (text.includes("false") ? text.replace("false", "true") : text.replace("true", "false"));

const DEEDS: readonly Deed[] = [
  [
    8,
    "PRIMARY adds a record",
    (life) => life.world.primary.putRecord(anyCategory(life), `New ${life.serial++}`, RECORD),
  ],
  [
    8,
    "PRIMARY edits a record",
    (life) => {
      const category = anyCategory(life);
      const [name, record] = pick(life, Object.entries(records(life, category)));
      life.world.primary.putRecord(category, name, { ...record, description: `Edit ${life.serial++}` });
    },
  ],
  [
    3,
    "PRIMARY removes a record",
    (life) => {
      const category = anyCategory(life);
      life.world.primary.removeRecord(category, pick(life, Object.keys(records(life, category))));
    },
  ],
  [
    2,
    "PRIMARY removes most records",
    (life) => {
      const category = anyCategory(life);
      for (const name of Object.keys(records(life, category)).slice(0, 9))
        life.world.primary.removeRecord(category, name);
    },
  ],
  [
    4,
    "PRIMARY goes back to the base",
    (life) => {
      const category = anyCategory(life);
      const path = category === "image_generation" ? "stable_diffusion.json" : `${category}.json`;
      life.world.primary.setCategory(category, textAt(life, "main", path));
    },
  ],
  [
    3,
    "PRIMARY breaks",
    (life) => {
      const category = anyCategory(life);
      life.good.set(category, life.world.primary.category(category) ?? "{}");
      life.world.primary.setCategory(category, pick(life, ["<html>", '{"a": 1}', '{"a": {', "[]"]));
    },
  ],
  [5, "a person merges", (life) => life.world.github.mergePullRequest({ ...anyPull(life), method: "merge" })],
  [5, "a person squashes", (life) => life.world.github.mergePullRequest({ ...anyPull(life), method: "squash" })],
  [3, "a person rebases", (life) => life.world.github.mergePullRequest({ ...anyPull(life), method: "rebase" })],
  [
    3,
    "a person merges and deletes the branch",
    (life) => life.world.github.mergePullRequest({ ...anyPull(life), method: "squash", deleteBranch: true }),
  ],
  [4, "a person closes", (life) => life.world.github.closePullRequest(anyPull(life))],
  [
    1,
    "a bot closes",
    (life) => life.world.github.closePullRequest({ ...anyPull(life), by: { login: "stale[bot]", type: "Bot" } }),
  ],
  [1, "the Python service runs", (life) => life.world.github.runPythonService({ repository: life.world.image })],
  [3, "a person reopens", (life) => life.world.github.reopenPullRequest(anyPull(life))],
  [
    3,
    "a person pushes to the branch",
    (life) => {
      needBranch(life);
      push(life, BRANCH, "NOTE.md", `Note ${life.serial++}\n`);
    },
  ],
  [
    2,
    "a person edits our file on the branch",
    (life) => {
      needBranch(life);
      push(life, BRANCH, "stable_diffusion.json", flip(textAt(life, BRANCH, "stable_diffusion.json")));
    },
  ],
  [
    2,
    "a person pushes an empty commit",
    (life) => {
      needBranch(life);
      life.world.github.commit({ repository: life.world.image, branch: BRANCH, files: {} });
    },
  ],
  [
    2,
    "a person amends",
    (life) => {
      needBranch(life);
      const files = { "NOTE.md": `Amended ${life.serial++}\n` };
      life.world.github.amendCommit({ repository: life.world.image, branch: BRANCH, files });
    },
  ],
  [
    2,
    "a person squashes the branch",
    (life) => {
      needBranch(life);
      const message = life.world.github.history(life.world.image, BRANCH)[0]?.message ?? "";
      life.world.github.squashBranch({ repository: life.world.image, branch: BRANCH, message });
    },
  ],
  [2, "a person updates the branch", (life) => life.world.github.updateBranch({ ...anyPull(life), method: "merge" })],
  [
    1,
    "a person updates the branch by rebase",
    (life) => life.world.github.updateBranch({ ...anyPull(life), method: "rebase" }),
  ],
  [2, "a person deletes the branch", (life) => life.world.github.deleteBranch(life.world.image, BRANCH)],
  [1, "a person restores the branch", (life) => life.world.github.restoreBranch(anyPull(life))],
  [2, "a person edits the title", (life) => life.world.github.editPullRequest({ ...anyPull(life), title: "Mine" })],
  [1, "a person edits the body", (life) => life.world.github.editPullRequest({ ...anyPull(life), body: "Mine" })],
  [
    1,
    "a person retargets",
    (life) => {
      push(life, "release", "RELEASE.md", `${life.serial++}\n`);
      life.world.github.retargetPullRequest({ ...anyPull(life), base: pick(life, ["main", "release"]) });
    },
  ],
  [1, "a person locks", (life) => life.world.github.lockConversation(anyPull(life))],
  [1, "a person takes a label away", (life) => life.world.github.removeLabels({ ...anyPull(life), labels: ["sync"] })],
  [3, "a person edits the base", (life) => push(life, "main", "README.md", `Read ${life.serial++}\n`)],
  [
    3,
    "a person edits our file on the base",
    (life) => push(life, "main", "stable_diffusion.json", flip(textAt(life, "main", "stable_diffusion.json"))),
  ],
  [
    3,
    "GitHub's lists lag",
    (life) => life.world.github.startLag(life.world.image, { scope: pick(life, ["heads", "everything"]) }),
  ],
  [3, "GitHub's lists catch up", (life) => life.world.github.endLag(life.world.image)],
  [
    4,
    "GitHub fails",
    ({ world, random }) => {
      const action = { type: "status", status: 502, headers: {}, body: "<html>" } as const;
      world.github.faults.add({ skip: random.below(9), times: 1 + random.below(4), action });
    },
  ],
  [
    2,
    "GitHub drops answers",
    ({ world, random }) => world.github.faults.add({ skip: random.below(9), action: { type: "drop-after" } }),
  ],
  [2, "memory is lost", ({ world }) => world.kv.values.clear()],
  [2, "somebody forces a category", (life) => run(life, { categories: [pick(life, LIFE_CATEGORIES)], isForced: true })],
  [1, "somebody runs a category", (life) => run(life, { categories: [pick(life, LIFE_CATEGORIES)] })],
  [2, "hours pass", ({ world, random }) => world.clock.advance(random.below(20) * 60 * 60_000)],
];

const TOTAL = DEEDS.reduce((sum, [weight]) => sum + weight, 0);

/** What cannot be done now is not done. */
async function doSomething(life: Life): Promise<void> {
  const { random, world, counts, log, theirs } = life;
  const [name, act] = chooseDeed(random.below(TOTAL));
  const before = reachable(world);
  const isService = name.startsWith("somebody ");
  try {
    await act(life);
  } catch (error) {
    if (isService) throw error;
    return;
  }
  counts.deeds++;
  log.push(name);
  if (isService) return;
  const after = reachable(world);
  // What people take back themselves is not the service's to keep.
  const gone = [...theirs].filter((sha) => !after.has(sha));
  for (const sha of gone) theirs.delete(sha);
  // What is made of ours alone is ours.
  if (HARMLESS.includes(name) || (REWRITES.includes(name) && gone.length === 0)) return;
  for (const sha of after) if (!before.has(sha)) theirs.add(sha);
}

/** Commits without a change of their own do not make a branch a person's. */
const HARMLESS: readonly string[] = ["a person pushes an empty commit", "a person updates the branch"];

const REWRITES: readonly string[] = ["a person squashes the branch", "a person updates the branch by rebase"];

function chooseDeed(chance: number): readonly [name: string, act: Deed[2]] {
  let left = chance;
  for (const [weight, name, act] of DEEDS) {
    left -= weight;
    if (left < 0) return [name, act];
  }
  throw new Error("There is no such deed.");
}
