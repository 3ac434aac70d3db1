import { describe, expect, it } from "vitest";
import { SyncError } from "../../src/core/errors.ts";
import {
  addOrnaments,
  type Decorated,
  decorationWarnings,
  findMissing,
  NOT_DECORATED,
  rememberDecoration,
  toOrnaments,
} from "../../src/sync/decoration.ts";
import type { Decoration } from "../../src/sync/memory.ts";
import type { DecorationPort, Ornament, PullRequest } from "../../src/sync/ports.ts";
import { pullRequest } from "../fakes/pull.ts";

const label = (name: string): Ornament => ({ kind: "label", name });
const reviewer = (name: string): Ornament => ({ kind: "reviewer", name });
const team = (name: string): Ornament => ({ kind: "team", name });
const ALL = [label("sync"), label("ready"), reviewer("alice"), team("maintainers")];
const OPENED = Date.parse("2026-11-01T00:00:00.000Z");
const MINUTE = 60_000;

/** @param refuse what GitHub says to a request for these */
function createPort(refuse: (ornaments: readonly Ornament[]) => SyncError | null = () => null) {
  const asked: string[] = [];
  const port: DecorationPort = {
    async add(_number, ornaments) {
      asked.push(`add ${ornaments.map(({ name }) => name).join(",")}`);
      const fault = refuse(ornaments);
      if (fault !== null) throw fault;
    },
    async events() {
      asked.push("events");
      return [];
    },
  };
  return { port, asked };
}

it("labels, reviewers and a team are ornaments, in this order", () => {
  expect(toOrnaments({ labels: ["sync", "ready"], reviewers: ["alice"], team: "maintainers" })).toEqual(ALL);
  expect(toOrnaments({ labels: [], reviewers: [], team: null })).toEqual([]);
});

describe("what is missing", () => {
  const find = async (
    pull: Partial<PullRequest>,
    rest: { known?: Decoration; now?: number; events?: DecorationPort["events"] } = {},
  ) => {
    const { port, asked } = createPort();
    const found = await findMissing({
      pull: pullRequest(pull),
      wanted: ALL,
      known: rest.known,
      now: rest.now ?? OPENED + 7 * MINUTE,
      port: rest.events === undefined ? port : { ...port, events: rest.events },
    });
    return { ...found, asked };
  };
  const whole = { labels: ["Sync", "READY"], reviewers: ["Alice"], teams: ["Maintainers"] };
  const known = (added: readonly string[], refused: Readonly<Record<string, string>> = {}): Decoration => ({
    pullRequest: 7,
    added,
    refused,
  });

  it("is nothing, and GitHub is not asked, where all of it is there in any spelling", async () => {
    expect(await find(whole)).toEqual({ missing: [], undecoratedUntil: null, warnings: [], asked: [] });
  });

  it.each<[string, Partial<PullRequest>, readonly Ornament[]]>([
    ["a label", { ...whole, labels: ["sync"] }, [label("ready")]],
    ["a reviewer of a label's name", { ...whole, reviewers: ["ready"] }, [reviewer("alice")]],
    ["a team of a label's name", { ...whole, teams: ["sync"] }, [team("maintainers")]],
    ["all", {}, ALL],
  ])("is %s that it does not carry and that nobody took away", async (_what, pull, missing) => {
    expect(await find(pull)).toEqual({ missing, undecoratedUntil: null, warnings: [], asked: ["events"] });
  });

  it("is not what was ever added to it or taken away, as its events tell", async () => {
    const events = async () => [
      { ornament: label("SYNC"), kind: "removed" as const },
      { ornament: reviewer("alice"), kind: "added" as const },
    ];
    expect((await find({}, { events })).missing).toEqual([label("ready"), team("maintainers")]);
  });

  it("is not what memory knows to have been added: a person took it away", async () => {
    const added = ["label sync", "label ready", "reviewer alice", "team maintainers"];
    expect(await find({}, { known: known(added) })).toMatchObject({ missing: [], asked: [] });
    expect(await find({}, { known: known(added.slice(1)) })).toMatchObject({ missing: [label("sync")] });
  });

  it("is known of this pull request only", async () => {
    const other = { ...known(["label sync"]), pullRequest: 6 };
    expect((await find({}, { known: other })).missing).toEqual(ALL);
  });

  it("is not what was refused, and that is told as long as it is so", async () => {
    const refused = { "reviewer alice": "not a collaborator", "label sync": "no such label" };
    const found = await find({ ...whole, reviewers: [] }, { known: known([], refused) });
    expect(found).toEqual({
      missing: [],
      undecoratedUntil: null,
      warnings: ["The reviewer alice could not be added to pull request #7: not a collaborator"],
      asked: [],
    });
  });

  it("waits six minutes for the run that opened the pull request, where no run knows of it", async () => {
    const until = OPENED + 6 * MINUTE;
    expect(await find({}, { now: until - 1 })).toMatchObject({ missing: [], undecoratedUntil: until, asked: [] });
    expect(await find({}, { now: until })).toMatchObject({ missing: ALL, undecoratedUntil: null });
    expect(await find({}, { now: OPENED, known: known([]) })).toMatchObject({ missing: ALL });
  });

  it("is left alone where the events cannot be read, and told by name", async () => {
    const events = async () => {
      throw new SyncError("github-unavailable", "GitHub answered 502.");
    };
    const one = await find({ ...whole, labels: ["sync"] }, { events });
    expect([one.missing, one.warnings]).toEqual([
      [],
      [
        "label ready is missing on pull request #7, and whether a person took it away cannot be read: GitHub answered 502.",
      ],
    ]);
    const two = await find({ ...whole, labels: [] }, { events, known: known([], { "label sync": "no" }) });
    expect(two.warnings).toEqual([
      "The label sync could not be added to pull request #7: no",
      "label ready is missing on pull request #7, and whether a person took it away cannot be read: GitHub answered 502.",
    ]);
    const all = await find({}, { events });
    expect(all.warnings[0]).toMatch(/^label sync, label ready, reviewer alice, team maintainers are missing/);
  });

  it("hides no bug", async () => {
    const events = async () => {
      throw new TypeError("a bug");
    };
    await expect(find({}, { events })).rejects.toThrow("a bug");
  });
});

describe("adding", () => {
  const rejected = new SyncError("github-rejected", "GitHub said no.");
  const lost = new SyncError("github-unavailable", "GitHub answered 502.");
  const add = async (refuse?: Parameters<typeof createPort>[0], pull: PullRequest | null = pullRequest()) => {
    const { port, asked } = createPort(refuse);
    return { decorated: await addOrnaments(pull, ALL, port), asked };
  };

  it("takes a request for each kind that there is", async () => {
    expect(await add()).toEqual({
      decorated: { added: ALL, refused: [], unknown: [] },
      asked: ["add sync,ready", "add alice", "add maintainers"],
    });
    const { port, asked } = createPort();
    expect(await addOrnaments(pullRequest(), [team("x")], port)).toEqual({ ...NOT_DECORATED, added: [team("x")] });
    expect(asked).toEqual(["add x"]);
  });

  it("asks nothing without a pull request", async () => {
    expect(await add(undefined, null)).toEqual({ decorated: NOT_DECORATED, asked: [] });
  });

  it("tries one by one what was refused together, so that one bad name costs no other", async () => {
    const { decorated, asked } = await add((all) => (all.some(({ name }) => name === "ready") ? rejected : null));
    expect(decorated).toEqual({
      added: [label("sync"), reviewer("alice"), team("maintainers")],
      refused: [{ ornament: label("ready"), why: "GitHub said no." }],
      unknown: [],
    });
    expect(asked).toEqual(["add sync,ready", "add sync", "add ready", "add alice", "add maintainers"]);
  });

  it("asks once more for an answer that was lost, and then nobody knows", async () => {
    let times = 0;
    const once = await add(() => (times++ === 0 ? lost : null));
    expect(once.decorated).toEqual({ added: ALL, refused: [], unknown: [] });
    expect(once.asked.slice(0, 2)).toEqual(["add sync,ready", "add sync,ready"]);
    const never = await add(([first]) => (first?.kind === "label" ? lost : null));
    expect(never.asked).toEqual(["add sync,ready", "add sync,ready", "add alice", "add maintainers"]);
    expect(never.decorated.unknown.map(({ ornament }) => ornament)).toEqual([label("sync"), label("ready")]);
  });

  it("does not ask again within a rate limit", async () => {
    const limited = new SyncError("rate-limited", "Slow down.");
    const { decorated, asked } = await add(([first]) => (first?.kind === "team" ? limited : null));
    expect(asked).toEqual(["add sync,ready", "add alice", "add maintainers"]);
    expect(decorated.unknown).toEqual([{ ornament: team("maintainers"), why: "Slow down." }]);
  });

  it("hides no bug", async () => {
    const { port } = createPort();
    const broken = { ...port, add: () => Promise.reject(new TypeError("a bug")) };
    await expect(addOrnaments(pullRequest(), ALL, broken)).rejects.toThrow("a bug");
  });

  it("is told where it failed", () => {
    const refused = [{ ornament: label("ready"), why: "No." }];
    const unknown = [{ ornament: reviewer("alice"), why: "Lost." }];
    expect(decorationWarnings({ added: ALL, refused, unknown }, 7)).toEqual([
      "The label ready could not be added to pull request #7: No.",
      "The reviewer alice may be missing on pull request #7: Lost.",
    ]);
  });
});

describe("what is remembered of it", () => {
  const before: Decoration = { pullRequest: 7, added: ["label sync"], refused: { "label ready": "No." } };
  const done = (changes: Partial<Decorated>): Decorated => ({ ...NOT_DECORATED, ...changes });

  it("grows with what was added, refused, and found there", () => {
    const decorated = done({ added: [reviewer("Alice")], refused: [{ ornament: team("x"), why: "w".repeat(400) }] });
    expect(rememberDecoration(7, before, decorated, [label("sync"), label("seen")])).toEqual({
      pullRequest: 7,
      added: ["label sync", "reviewer alice", "label seen"],
      refused: { "label ready": "No.", "team x": "w".repeat(300) },
    });
  });

  it("begins anew with another pull request", () => {
    expect(rememberDecoration(8, before, done({ added: [label("sync")] }), [])).toEqual({
      pullRequest: 8,
      added: ["label sync"],
      refused: {},
    });
  });

  it.each<[string, Partial<Decorated>, readonly Ornament[]]>([
    ["added", { added: [label("a")] }, []],
    ["refused", { refused: [{ ornament: label("a"), why: "" }] }, []],
    ["unknown", { unknown: [{ ornament: label("a"), why: "" }] }, []],
    ["there", {}, [label("a")]],
    ["added, and another that is refused", { added: [label("a")], refused: [{ ornament: label("b"), why: "" }] }, []],
    [
      "unknown, and another that is refused",
      { unknown: [{ ornament: label("a"), why: "" }], refused: [{ ornament: label("b"), why: "" }] },
      [],
    ],
  ])(
    "begins with one that is %s, and not with a pull request that another run may be about to decorate",
    (_what, changes, present) => {
      expect(rememberDecoration(8, before, done(changes), present)?.pullRequest).toBe(8);
      expect(rememberDecoration(8, before, done({}), [])).toBe(before);
      expect(rememberDecoration(8, undefined, done({}), [])).toBeUndefined();
    },
  );
});
