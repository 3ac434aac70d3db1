/**
 * A clock that is 20 hours ahead once, for some minutes, and then right again: nothing waits for the times that it
 * left behind by more than an hour.
 */
import { expect, it } from "vitest";
import type { FaultAction } from "../../sandbox/faults.ts";
import { openPulls } from "../faults/truth.ts";
import { type Leash, leashAfter, leashHeldAt } from "./leash.ts";
import { editRecord } from "./primary-deeds.ts";
import { START } from "./soak-clock.ts";
import { readHealth, readStatus } from "./views.ts";
import { type SoakWorld, startSoakWorld, WATCH } from "./world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const AHEAD_MS = 20 * HOUR_MS;
const AHEAD_MINUTES = 40;

interface Jump {
  readonly name: string;
  /** Before the clock jumps. */
  readonly before?: (world: SoakWorld) => void;
  /** In each minute in which it is ahead. */
  readonly ahead?: (world: SoakWorld, minute: number) => Promise<void> | void;
  /** Once it is right again. */
  readonly after: (world: SoakWorld) => Promise<void> | void;
  readonly isDone: (world: SoakWorld) => Promise<boolean> | boolean;
  /** Nobody ticks any more. */
  readonly isStopped?: boolean;
  /** What holds the ticks after it. */
  readonly leash?: () => Leash;
}

const BAD_GATEWAY: FaultAction = { type: "status", status: 502 };
const ALWAYS = Number.POSITIVE_INFINITY;
const esrganPull = (world: SoakWorld) => openPulls(world, world.image).length === 1;
const edit = (world: SoakWorld) => editRecord(world, "esrgan", 1);
const atPrimary = ({ primary }: SoakWorld, path = "/") =>
  void primary.faults.add({ times: ALWAYS, path, action: BAD_GATEWAY });
const mend = ({ primary, github, kv }: SoakWorld) => {
  primary.faults.clear();
  github.faults.clear();
  kv.refuses.clear();
};

const JUMPS: readonly Jump[] = [
  { name: "a change after it is published", after: edit, isDone: esrganPull },
  {
    name: "a back-off after an outage ends",
    ahead: (world) => atPrimary(world),
    after(world) {
      mend(world);
      edit(world);
    },
    isDone: esrganPull,
  },
  {
    name: "a category that failed is tried again",
    before: edit,
    ahead: (world) => atPrimary(world, "/v1/esrgan"),
    after: mend,
    isDone: esrganPull,
  },
  {
    name: "a repository that failed is tried again",
    before: edit,
    ahead: ({ github }) => void github.faults.add({ times: ALWAYS, path: "/soak/image/", action: BAD_GATEWAY }),
    after: mend,
    isDone: esrganPull,
  },
  {
    name: "a bucket that was emptied fills",
    ahead: (world, minute) => editRecord(world, "clip", minute),
    after: edit,
    async isDone(world) {
      const status = await readStatus(world);
      const image = status?.repositories.find(({ repository }) => repository === world.image);
      return image?.categories["esrgan"] !== undefined;
    },
  },
  {
    name: "a store that refused writes is tried again",
    ahead: ({ kv }) => void kv.refuses.add("writes"),
    after(world) {
      mend(world);
      edit(world);
    },
    isDone: esrganPull,
  },
  {
    name: "runs that are killed, each and every one, are told",
    ahead(world, minute) {
      if (minute === 10) edit(world);
    },
    after: (world) => editRecord(world, "clip", 2),
    leash: () => leashAfter(12),
    isDone: async (world) => (await readHealth(world)).includes("run-killed"),
  },
  {
    name: "a run that was killed meanwhile is missed, or done again",
    async ahead(world, minute) {
      if (minute === 20) edit(world);
      if (minute === 20) await world.tick({ cron: WATCH, leash: leashAfter(12) });
    },
    after: () => {},
    isDone: esrganPull,
  },
  underWay("a run that fails, and began before it was set right, keeps nobody waiting"),
  {
    name: "a cron that stops is missed",
    after: () => {},
    isDone: async (world) => (await readHealth(world)).includes("cron-stopped"),
    isStopped: true,
  },
  {
    name: "a merge is seen",
    before: edit,
    after(world) {
      const [pull] = openPulls(world, world.image);
      world.github.mergePullRequest({ repository: world.image, number: pull?.number ?? 0 });
    },
    async isDone(world) {
      const status = await readStatus(world);
      return status?.repositories.find(({ repository }) => repository === world.image)?.pullRequest === null;
    },
  },
  {
    name: "the replica asks GitHub",
    async ahead(world) {
      await readReplica(world);
    },
    after: ({ github, image }) =>
      void github.commit({ repository: image, files: { "clip.json": '{"By hand": {}}\n' } }),
    isDone: async (world) => (await readReplica(world)).includes("By hand"),
  },
];

/** A run that stands still while the clock is set right. */
function underWay(name: string): Jump {
  let letGo = () => {};
  let end: Promise<unknown> = Promise.resolve();
  return {
    name,
    before: edit,
    ahead(world, minute) {
      if (minute === 10) world.github.faults.add({ times: ALWAYS, action: BAD_GATEWAY });
      if (minute !== AHEAD_MINUTES - 1) return;
      const gate = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      world.kv.values.clear();
      end = world.tick({ cron: WATCH, leash: leashHeldAt(6, gate) });
    },
    async after(world) {
      letGo();
      await end;
      mend(world);
      editRecord(world, "clip", 2);
    },
    isDone: (world) => openPulls(world, world.image).some(({ body }) => body.includes("### clip")),
  };
}

const readReplica = (world: SoakWorld) =>
  world.invoke(async ({ app }) => (await app.request("/model_references/v1/clip")).text());

async function liveThrough({ before, ahead, after, isDone, isStopped = false, leash }: Jump): Promise<void> {
  const world = await startSoakWorld(1);
  const { clock } = world;
  let minute = 0;
  const pass = async () => {
    minute++;
    clock.reach(START + minute * MINUTE_MS);
    const isOver = minute > AHEAD_MINUTES;
    if (isStopped && minute > AHEAD_MINUTES + 5) return;
    await world.tick({ cron: WATCH, ...(isOver && leash !== undefined ? { leash: leash() } : {}) });
  };
  await world.tick({ cron: WATCH });
  await pass();
  before?.(world);
  clock.skewMs = AHEAD_MS;
  while (minute < AHEAD_MINUTES) {
    await ahead?.(world, minute);
    await pass();
  }
  clock.skewMs = 0;
  await after(world);
  const began = minute;
  while (minute - began <= 60 && !(await isDone(world))) await pass();
  await world.close();
  expect(minute - began).toBeLessThanOrEqual(60);
}

it.each(JUMPS)("within an hour $name", liveThrough);
