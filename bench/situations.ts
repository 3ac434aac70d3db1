/**
 * What is measured: how PRIMARY and GitHub came to stand as they do, and the cron that meets them so.
 */
import { type Bodies, editEvery, editOne, generateTenfold, type Reference, reformat } from "./reference-data.ts";

export const WATCH = "* * * * *";
export const RECONCILE = "0 */6 * * *";

/** PRIMARY begins to say this, and then a cron fires. */
export interface Step {
  readonly says: Bodies;
  readonly cron: typeof WATCH | typeof RECONCILE;
}

export interface Situation {
  readonly name: string;
  readonly title: string;
  /** What the repositories hold at first; KV is empty. */
  readonly reference: Reference;
  /** What happened before; not measured. */
  readonly before: readonly Step[];
  readonly measured: Step;
  /** Whether the smallest heap is searched in which the run finishes. */
  readonly searchesHeap?: boolean;
  /** How often the measured step is repeated for one measurement, when it leaves everything as it was. Default 1. */
  readonly repeats?: number;
  readonly budget?: Budget;
  /** The budget of a cold run: at most so many times the CPU of its floor. Default 2. */
  readonly coldGoal?: number;
  /** The budget of a warm one: at most so many times the CPU of `against`. */
  readonly goal?: { readonly times: number; readonly against: "parse" | "everything" };
}

/** The budget: at most so many. */
export interface Budget {
  readonly githubCalls: number;
  readonly githubWrites: number;
  readonly primaryCalls: number;
  readonly kvWrites: number;
}

const NOTHING_NEW: Budget = { githubCalls: 0, githubWrites: 0, primaryCalls: 1, kvWrites: 0 };
/** Three calls for each of two repositories; ten categories and two stamps. */
const IN_SYNC: Budget = { githubCalls: 6, githubWrites: 0, primaryCalls: 12, kvWrites: 2 };
const NEW_PULL_REQUEST: Budget = { githubCalls: 9, githubWrites: 5, primaryCalls: 3, kvWrites: 3 };
/** A file over 512 kB, db.json, goes up by itself. */
const NEW_PULL_REQUEST_LARGE: Budget = { ...NEW_PULL_REQUEST, githubCalls: 10, githubWrites: 6 };
const OPEN_PULL_REQUEST: Budget = { githubCalls: 9, githubWrites: 4, primaryCalls: 3, kvWrites: 3 };

/** Held against one read of KV, though it makes two. */
const TICK_GOAL = { times: 1.5, against: "everything" } as const;

type Make = (reference: Reference) => Omit<Situation, "name" | "reference"> & { readonly reference?: Reference };

const TABLE: Readonly<Record<string, Make>> = {
  "quiet-tick": ({ primary }) => ({
    title: "a tick with nothing new",
    before: [look(primary, RECONCILE)],
    measured: look({}),
    repeats: 30,
    budget: NOTHING_NEW,
    goal: TICK_GOAL,
    coldGoal: TICK_GOAL.times,
  }),
  "in-sync": ({ primary }) => ({
    title: "reconcile, all in sync",
    before: [look(primary, RECONCILE)],
    measured: look({}, RECONCILE),
    budget: IN_SYNC,
  }),
  "reformatted-cold": ({ primary }) => ({
    title: "in sync, but all formatted differently; nothing remembered",
    before: [],
    measured: look(reformat(primary), RECONCILE),
  }),
  "reformatted-warm": ({ primary }) => ({
    title: "the same again, remembered",
    before: [look(reformat(primary), RECONCILE)],
    measured: look({}, RECONCILE),
    budget: IN_SYNC,
  }),
  "one-image": ({ primary }) => ({
    title: "one record of stable_diffusion.json, new pull request",
    before: [look(primary, RECONCILE)],
    measured: look(editOne(primary, "image_generation")),
    searchesHeap: true,
    budget: NEW_PULL_REQUEST,
  }),
  append: ({ primary }) => {
    const first = editOne(primary, "image_generation");
    return {
      title: "another record, with that pull request open",
      before: [look(primary, RECONCILE), look(first)],
      measured: look(editOne(first, "image_generation", 1)),
      budget: OPEN_PULL_REQUEST,
    };
  },
  "one-text": ({ primary }) => ({
    title: "one text model, new pull request",
    before: [look(primary, RECONCILE)],
    measured: look(editOne(primary, "text_generation")),
    searchesHeap: true,
    budget: NEW_PULL_REQUEST_LARGE,
  }),
  "all-categories": ({ primary }) => ({
    title: "one record in every category at once",
    before: [look(primary, RECONCILE)],
    measured: look(editAll(primary)),
  }),
  "all-text": ({ primary }) => ({
    title: "every text model at once",
    before: [look(primary, RECONCILE)],
    measured: look(editEvery(primary, "text_generation")),
  }),
  "first-run": ({ primary }) => ({
    title: "first run ever, one record in every category differs",
    before: [],
    measured: look({ ...primary, ...editAll(primary) }),
  }),
  tenfold: () => {
    const reference = generateTenfold();
    return {
      title: "ten times the data, one text model",
      reference,
      before: [look(reference.primary, RECONCILE)],
      measured: look(editOne(reference.primary, "text_generation")),
      searchesHeap: true,
    };
  },
};

export const SITUATION_NAMES: readonly string[] = Object.keys(TABLE);

/** @throws Error when there is no such situation */
export function makeSituation(name: string, reference: Reference): Situation {
  const make = TABLE[name];
  if (make === undefined) throw new Error(`There is no situation ${name}.`);
  return { name, reference, ...make(reference) };
}

function look(says: Bodies, cron: Step["cron"] = WATCH): Step {
  return { says, cron };
}

function editAll(bodies: Bodies): Bodies {
  const edited = Object.keys(bodies).map((category) => editOne(bodies, category));
  return Object.assign({}, ...edited);
}
