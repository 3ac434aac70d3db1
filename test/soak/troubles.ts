/**
 * What goes wrong for a while: at PRIMARY, at GitHub, in KV and with the clock.
 */
import type { FaultAction } from "../../sandbox/faults.ts";
import { editRecord, textOnBase } from "./primary-deeds.ts";
import { type SoakWorld, SYNCED } from "./world.ts";

export interface Trouble {
  /** Out of the sum of all. */
  readonly weight: number;
  readonly name: string;
  /** How long it lasts, at least and at most. */
  readonly minutes: readonly [number, number];
  /** @returns how it ends */
  begin(world: SoakWorld): () => void;
  /** What it does once a minute while it lasts. @throws Error where it cannot be done now */
  everyMinute?(world: SoakWorld, next: () => number): void;
  /** PRIMARY's timestamp cannot be had, which the next tick has to tell. */
  readonly hidesTimestamp?: true;
}

const HOUR = 60;
/** Where a pause is stored. */
export const PAUSE_KEY = "paused";
const ALWAYS = Number.POSITIVE_INFINITY;

const refusal = (status: number, message: string, headers: Record<string, string> = {}): FaultAction => ({
  type: "status",
  status,
  headers,
  body: JSON.stringify({ message }),
});

const atPrimary =
  (action: FaultAction, path?: string) =>
  ({ primary }: SoakWorld) =>
    primary.faults.add({ times: ALWAYS, action, ...(path === undefined ? {} : { path }) });

const atGitHub =
  (action: FaultAction, method?: string) =>
  ({ github }: SoakWorld) =>
    github.faults.add({ times: ALWAYS, action, ...(method === undefined ? {} : { method }) });

const refusing =
  (...what: ("reads" | "writes" | "lists")[]) =>
  ({ kv }: SoakWorld) => {
    for (const each of what) kv.refuses.add(each);
    return () => {
      for (const each of what) kv.refuses.delete(each);
    };
  };

const hanging =
  (who: "primary" | "github") =>
  ({ hanging }: SoakWorld) => {
    hanging.add(who);
    return () => void hanging.delete(who);
  };

const set =
  (name: string, value: string) =>
  ({ settings }: SoakWorld) => {
    settings.set(name, value);
    return () => void settings.delete(name);
  };

const nothing = () => () => {};

/** A category's answer, whichever it is by chance. */
function oneCategory(actions: readonly [FaultAction, ...FaultAction[]]): Trouble["begin"] {
  return (world) => atPrimary(world.random.pick(actions), `/v1/${world.random.pick(SYNCED)}`)(world);
}

export const TROUBLES: readonly Trouble[] = [
  outage(4, "PRIMARY answers 502", [3, 10 * HOUR], atPrimary({ type: "status", status: 502 })),
  outage(2, "PRIMARY's connections break", [1, 3 * HOUR], atPrimary({ type: "drop-before" })),
  outage(1, "PRIMARY hangs", [1, HOUR], hanging("primary")),
  outage(2, "PRIMARY answers pages", [1, 3 * HOUR], atPrimary({ type: "html" })),
  outage(2, "PRIMARY puts off for a day", [1, 3 * HOUR], atPrimary(refusal(429, "later", { "retry-after": "86400" }))),
  outage(1, "PRIMARY does not own the format", [5, 5 * HOUR], ({ primary }) => {
    primary.setCanonical(false);
    return () => primary.setCanonical(true);
  }),
  {
    ...trouble(4, "a category cannot be read", [5, 5 * HOUR]),
    begin: oneCategory([
      refusal(404, "Not Found"),
      refusal(500, "oops"),
      { type: "body", body: "{}" },
      { type: "body", body: "[]" },
      { type: "body", body: '{"a": {' },
      { type: "body", body: '{"a": 1}' },
      { type: "html" },
      { type: "truncate" },
      { type: "drop-before" },
    ]),
  },
  {
    ...trouble(2, "PRIMARY's timestamp moves every minute", [10, 6 * HOUR]),
    everyMinute: ({ primary, clock }) => primary.setLastUpdated(Math.floor(clock.trueNow() / 1000)),
  },
  {
    ...trouble(2, "PRIMARY is edited every minute", [10, 3 * HOUR]),
    everyMinute: (world, next) => editRecord(world, world.random.pick(SYNCED), next()),
  },
  {
    ...trouble(2, "PRIMARY flaps", [10, 3 * HOUR]),
    everyMinute(world, next) {
      const category = "esrgan";
      if (next() % 2 === 0) world.primary.setCategory(category, textOnBase(world, category));
      else editRecord(world, category, 0);
    },
  },
  { ...trouble(3, "GitHub answers 502", [3, 6 * HOUR]), begin: atGitHub({ type: "status", status: 502 }) },
  { ...trouble(2, "GitHub writes nothing", [3, 3 * HOUR]), begin: atGitHub({ type: "status", status: 500 }, "POST") },
  { ...trouble(2, "GitHub answers pages", [1, 3 * HOUR]), begin: atGitHub({ type: "html" }) },
  { ...trouble(2, "GitHub does what it does not answer", [1, HOUR]), begin: atGitHub({ type: "drop-after" }, "POST") },
  { ...trouble(2, "GitHub answers by halves", [1, HOUR]), begin: atGitHub({ type: "truncate" }) },
  { ...trouble(1, "GitHub hangs", [1, HOUR]), begin: hanging("github") },
  { ...trouble(2, "GitHub refuses the token", [5, 24 * HOUR]), begin: atGitHub(refusal(401, "Bad credentials")) },
  { ...trouble(1, "GitHub shows no repository", [5, 5 * HOUR]), begin: atGitHub(refusal(404, "Not Found")) },
  {
    ...trouble(2, "GitHub's limit is used up", [5, 50]),
    begin(world) {
      const reset = String(Math.ceil(world.clock.trueNow() / 1000) + 3000);
      const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
      return atGitHub(refusal(403, "API rate limit exceeded", headers))(world);
    },
  },
  {
    ...trouble(2, "GitHub's secondary limit is reached", [2, HOUR]),
    begin: atGitHub(refusal(403, "You have exceeded a secondary rate limit.", { "retry-after": "60" })),
  },
  {
    ...trouble(4, "GitHub's lists lag", [2, 2 * HOUR]),
    begin({ github, random, repositories }) {
      const repository = repositories[random.below(repositories.length)] ?? "";
      github.startLag(repository, { scope: random.pick(["heads", "everything"]) });
      return () => github.endLag(repository);
    },
  },
  {
    ...trouble(4, "KV is a minute behind", [10, 12 * HOUR]),
    begin({ kv }) {
      kv.isStale = true;
      return () => {
        kv.isStale = false;
      };
    },
  },
  { ...trouble(2, "KV refuses writes", [2, 6 * HOUR]), begin: refusing("writes") },
  { ...trouble(1, "KV refuses reads", [2, 2 * HOUR]), begin: refusing("reads") },
  { ...trouble(1, "KV refuses lists", [2, 6 * HOUR]), begin: refusing("lists") },
  { ...trouble(1, "KV is gone", [2, 2 * HOUR]), begin: refusing("reads", "writes", "lists") },
  { ...trouble(1, "it only tries", [HOUR, 24 * HOUR]), begin: set("DRY_RUN", "true") },
  {
    ...trouble(1, "somebody pauses it", [5, 8 * HOUR]),
    begin({ kv, clock }) {
      kv.values.set(PAUSE_KEY, {
        value: JSON.stringify({ since: new Date(clock.now()).toISOString(), reason: "Not now." }),
      });
      return () => void kv.values.delete(PAUSE_KEY);
    },
  },
  { ...trouble(1, "the watch is off", [HOUR, 8 * HOUR]), begin: set("WATCH_MODE", "false") },
  {
    ...trouble(1, "the clock is 20 hours ahead", [1, 30]),
    begin({ clock }) {
      clock.skewMs = 20 * HOUR * 60_000;
      return () => {
        clock.skewMs = 0;
      };
    },
  },
];

function trouble(weight: number, name: string, minutes: Trouble["minutes"]): Trouble {
  return { weight, name, minutes, begin: nothing };
}

function outage(weight: number, name: string, minutes: Trouble["minutes"], begin: Trouble["begin"]): Trouble {
  return { weight, name, minutes, begin, hidesTimestamp: true };
}
