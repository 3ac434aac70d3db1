/** Whether a tick loads the replica at all: most have no reason to. */
import { expect, it } from "vitest";
import { hasRest, REST_KEY } from "../../src/replica/freshness/warming.ts";

const MINUTE = 60_000;
const LOOK = 10 * MINUTE;

interface Case {
  readonly what: string;
  readonly at: number;
  readonly warming?: { readonly begunAt: number | null; readonly isLeft: boolean };
  readonly note?: () => Promise<string | null>;
  readonly has: boolean;
  readonly reads: readonly string[];
}

it.each<Case>([
  { what: "in an ordinary minute nothing is read", at: LOOK + MINUTE, has: false, reads: [] },
  { what: "every ten minutes the note is read", at: LOOK, has: false, reads: [REST_KEY] },
  { what: "a note says that something is left", at: LOOK, note: async () => "{}", has: true, reads: [REST_KEY] },
  {
    what: "what this isolate left needs no note",
    at: LOOK + MINUTE,
    warming: { begunAt: null, isLeft: true },
    has: true,
    reads: [],
  },
  {
    what: "work that is under way is left alone",
    at: LOOK,
    warming: { begunAt: LOOK - 1000, isLeft: true },
    has: false,
    reads: [],
  },
  {
    what: "work that was lost is taken up again",
    at: LOOK + MINUTE,
    warming: { begunAt: LOOK - MINUTE, isLeft: true },
    has: true,
    reads: [],
  },
  {
    what: "a KV that fails is nothing",
    at: LOOK,
    note: () => Promise.reject(new Error("KV GET failed: 503")),
    has: false,
    reads: [REST_KEY],
  },
  { what: "a KV that hangs is nothing", at: LOOK, note: () => new Promise(() => {}), has: false, reads: [REST_KEY] },
])("$what", async ({ at, warming = { begunAt: null, isLeft: false }, note = async () => null, has, reads }) => {
  const read: string[] = [];
  const kv = {
    get(key: string) {
      read.push(key);
      return note();
    },
  };
  // A wait ends soon, and not before what is there already.
  const clock = {
    now: () => at,
    random: Math.random,
    sleep: () => new Promise<void>((resolve) => setTimeout(resolve, 5)),
  };
  expect(await hasRest({ memory: { warming }, kv, clock })).toBe(has);
  expect(read).toEqual(reads);
});
