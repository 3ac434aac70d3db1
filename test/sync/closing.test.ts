import { describe, expect, it } from "vitest";
import { SyncError } from "../../src/core/errors.ts";
import { createJsonCodec } from "../../src/files/json-codec.ts";
import { type ClosingQuery, judgeClosing } from "../../src/sync/closing.ts";
import type { CategoryDelta } from "../../src/sync/delta.ts";
import { wrapSection } from "../../src/sync/marker.ts";
import { type Closing, EMPTY_MEMORY } from "../../src/sync/memory.ts";
import type { PullRequest } from "../../src/sync/ports.ts";
import { createReads } from "../../src/sync/reads.ts";
import type { SyncBranch } from "../../src/sync/snapshot.ts";
import { added, drifting, modified } from "../fakes/drift.ts";
import { createFakePrimary } from "../fakes/primary.ts";
import { pullRequest } from "../fakes/pull.ts";
import { createFakeRepository, type FakeRepository } from "../fakes/repository.ts";

const FINGERPRINT = "5b3c".repeat(16);
const SOURCE = "0123abcd";
const ENDED = "2026-11-20T12:00:00.000Z";
const HOUR = 60 * 60_000;
const NOW = Date.parse(ENDED) + HOUR;
const OURS = `Sync\n\nSync-Fingerprint: ${FINGERPRINT}\nSync-Tree: this`;
const UNSIGNED = `Sync\n\nSync-Fingerprint: ${FINGERPRINT}`;
const BODY = wrapSection({ fingerprint: FINGERPRINT, source: SOURCE }, []);
const BRANCH: SyncBranch = {
  commit: "head",
  files: new Map(),
  anchor: new Map(),
  owner: "ours",
  isFinished: true,
  isMerged: false,
  baseMoved: false,
};

const withdrawnBy = (source: string | null) => wrapSection({ fingerprint: null, source }, []);
const closing = (changes: Partial<Closing> = {}): Closing => ({
  pullRequest: 7,
  endedAt: ENDED,
  by: "person",
  login: "pat",
  wasEdited: false,
  ...changes,
});

interface World {
  readonly pull?: Partial<PullRequest> | null;
  /** What stands on the branch that the pull request had. */
  readonly pushes?: (repository: FakeRepository) => Promise<string>;
  readonly prepare?: (repository: FakeRepository) => unknown;
  readonly known?: readonly Closing[];
  readonly branch?: SyncBranch;
  /** Memory names the head as published by us. */
  readonly isVouched?: boolean;
  readonly rest?: Partial<ClosingQuery>;
  readonly proposal?: Partial<ClosingQuery["proposal"]>;
}

async function judge({ pull = {}, pushes, prepare, known, branch, isVouched = false, rest, proposal }: World) {
  const repository = await createFakeRepository("image", { "clip.json": '{"a": {"v": 1}}', "blip.json": "{}" });
  const endedHead = pushes === undefined ? null : await pushes(repository);
  prepare?.(repository);
  const { ports } = repository;
  const primary = createFakePrimary({ clip: '{"a": {"v": 2}}', blip: '{"b": {}}' });
  const main = repository.refs.get("main") ?? "";
  const base = { name: "main", repository: "o/n", commit: main, treeSha: main, files: await ports.read.files(main) };
  const ended = pullRequest({ state: "closed", body: BODY, endedAt: ENDED, endedHead, ...pull });
  const judged = (["clip", "blip"] as const).map((name) => ({
    category: { name, role: "image" as const, codec: createJsonCodec(`${name}.json`) },
    standing: { kind: "on-branch" as const },
    digest: null,
  }));
  const published =
    isVouched && endedHead !== null
      ? { headSha: endedHead, headFiles: {}, baseSha: main, baseFiles: {}, pullRequest: 7 }
      : null;
  repository.calls.length = 0;
  const verdict = await judgeClosing({
    snapshot: { base, branch: branch ?? null, pull: pull === null ? null : ended, ended: [], leftovers: [] },
    proposal: {
      judged,
      delta: [drifting()],
      fingerprint: FINGERPRINT,
      wanted: new Map(),
      texts: new Map(),
      keptBack: [],
      unknown: [],
      warnings: [],
      ...proposal,
    },
    ports,
    reads: createReads({ category: primary.category, blob: ports.read.blob }),
    memory: { ...EMPTY_MEMORY, published, ...(known === undefined ? {} : { closings: known }) },
    ignoredAuthors: [],
    source: SOURCE,
    now: NOW,
    ...rest,
  });
  return { ...verdict, calls: repository.calls };
}

const ours = (repository: FakeRepository) =>
  repository.push("sync", { "clip.json": '{"a": {"v": 2}}' }, { message: OURS });
const edited = async (repository: FakeRepository) => {
  await ours(repository);
  return repository.push("sync", { README: "mine" });
};

describe("a pull request that ended", () => {
  it.each<[string, World]>([
    ["is not there", { pull: null }],
    ["was merged", { pull: { state: "merged" } }],
    ["is open", { pull: { state: "open" } }],
    ["was closed, and nothing differs", { proposal: { delta: [] } }],
    ["was withdrawn by us", { pull: { body: withdrawnBy(SOURCE) } }],
    ["was withdrawn by an earlier version", { pull: { body: withdrawnBy(null) } }],
    ["is of another drift, and its head is not known", { proposal: { fingerprint: "f".repeat(64) } }],
    ["has no words of ours", { pull: { body: "" } }],
  ])("decides nothing where it %s", async (_what, world) => {
    const known = [closing({ pullRequest: 3 })];
    expect(await judge({ ...world, known })).toEqual({ isRejected: false, warnings: [], closings: known, calls: [] });
  });

  it("is a person's decision, and stands", async () => {
    const { isRejected, warnings, closings } = await judge({ branch: BRANCH });
    expect([isRejected, warnings, closings]).toEqual([true, [], [closing()]]);
  });

  it("is by somebody where GitHub does not tell by whom", async () => {
    const { isRejected, closings } = await judge({
      prepare: ({ ports }) => (ports.comments.closedBy = async () => null),
    });
    expect([isRejected, closings]).toEqual([true, [closing({ login: "somebody" })]]);
  });

  it("is looked into once, and the newest ten are remembered", async () => {
    const others = Array.from({ length: 10 }, (_, index) => closing({ pullRequest: 20 + index }));
    const reopened = closing({ endedAt: "2026-11-01T00:00:00.000Z", login: "earlier" });
    const known = [reopened, ...others.slice(0, 5), closing({ login: "kim" }), ...others.slice(5)];
    const { closings, calls } = await judge({ known, branch: BRANCH });
    expect(calls).toEqual([]);
    expect(closings).toEqual([closing({ login: "kim" }), reopened, ...others.slice(0, 8)]);
  });
});

describe("a person's closing", () => {
  it.each<[string, World, boolean]>([
    ["of our work alone", { pushes: ours }, false],
    ["of a person's work", { pushes: edited }, true],
    [
      "of work by an author who does not count",
      {
        pushes: edited,
        rest: { ignoredAuthors: ["pat@x.test"] },
        prepare: ({ ports }) => {
          const { compare } = ports.read;
          ports.read.compare = async (base, head) => {
            const comparison = await compare(base, head);
            const commits = comparison?.commits.map((commit) => ({ ...commit, authorEmail: "pat@x.test" })) ?? [];
            return comparison && { ...comparison, commits };
          };
        },
      },
      false,
    ],
    ["of a head that is not known", {}, false],
    ["of a head that is gone", { pull: { endedHead: "0".repeat(40) } }, false],
    [
      "of a head that GitHub refuses to find",
      {
        pushes: edited,
        prepare: (repository) => {
          repository.before = (call) => {
            if (call.startsWith("compare")) throw new SyncError("github-not-found", "No such commit.");
          };
        },
      },
      false,
    ],
  ])("%s, whose branch is gone, starts afresh only where a person had worked on it", async (_what, world, isAfresh) => {
    const { isRejected, closings } = await judge(world);
    expect([isRejected, closings]).toEqual([!isAfresh, [closing({ wasEdited: isAfresh })]]);
  });

  it("of a person's work stands as long as the branch does", async () => {
    const { isRejected, closings, calls } = await judge({ pushes: edited, branch: BRANCH });
    expect([isRejected, closings]).toEqual([true, [closing()]]);
    expect(calls).toEqual(["closedBy 7", "comments 7"]);
  });

  it("is undecided where GitHub fails", async () => {
    const fault = new SyncError("github-unavailable", "GitHub answered 502.");
    const prepare = (repository: FakeRepository) => {
      repository.before = (call) => {
        if (call.startsWith("compare")) throw fault;
      };
    };
    await expect(judge({ pushes: edited, prepare })).rejects.toBe(fault);
  });

  it("was of our work where memory names the head as published by us", async () => {
    const { closings } = await judge({ pushes: edited, isVouched: true });
    expect(closings).toEqual([closing()]);
  });
});

describe("a closing that is nobody's decision", () => {
  const bot = (pullRequest: number, agoMs: number) =>
    closing({ pullRequest, by: "bot", login: "stale[bot]", endedAt: new Date(NOW - agoMs).toISOString() });
  const byBot = (known: readonly Closing[]): World => ({
    known,
    branch: BRANCH,
    prepare: ({ ports }) => (ports.comments.closedBy = async () => ({ login: "stale[bot]", isBot: true })),
  });

  it.each<[string, readonly Closing[], boolean]>([
    ["the first", [], false],
    ["the second within a day", [bot(6, 24 * HOUR - 1)], true],
    ["the second, a day later", [bot(6, 24 * HOUR)], false],
    ["the second, after a person's", [closing({ pullRequest: 6 })], false],
  ])("opens nothing more when it is the second of a day: %s", async (_what, known, isRejected) => {
    const verdict = await judge(byBot(known));
    expect(verdict.isRejected).toBe(isRejected);
    expect(verdict.closings).toEqual([closing({ by: "bot", login: "stale[bot]" }), ...known]);
    expect(verdict.warnings).toEqual([
      isRejected
        ? "Pull requests of the sync were closed 2 times within a day, the last one (#7) by stale[bot]. No new one is opened until a day has passed: stop what closes them, or use force."
        : "The pull request #7 was closed by stale[bot], which is no person's decision, so that a new one is opened.",
    ]);
  });

  it("is that of a service that follows another PRIMARY, whatever it said there", async () => {
    const { closings, calls } = await judge({ pull: { body: withdrawnBy("feed") } });
    const login = "a sync service that follows another PRIMARY";
    expect([closings, calls]).toEqual([[closing({ by: "bot", login })], []]);
  });

  it("is that of the Python service, though it has a person's login", async () => {
    const { closings } = await judge({
      pushes: edited,
      prepare: ({ comments }) =>
        comments.push("Mine.", "Automatically closed because a new sync operation has been initiated."),
    });
    expect(closings).toEqual([closing({ by: "bot", login: "the Python sync service" })]);
  });
});

it("is a person's, whoever quotes the Python service below it", async () => {
  const quote = "Was this automatically closed because a new sync operation has been initiated?";
  const { closings } = await judge({
    prepare: ({ ports }) => (ports.comments.comments = async () => [{ id: 1, body: quote, author: "stranger" }]),
  });
  expect(closings).toEqual([closing()]);
});

describe("another drift than was proposed", () => {
  const of = (...delta: readonly CategoryDelta[]) => ({ fingerprint: "f".repeat(64), delta });
  const other = { proposal: of(drifting({ changes: [modified("a")] })), branch: BRANCH };

  it.each<[string, World["pushes"], boolean]>([
    ["what was proposed says all that PRIMARY says now", ours, true],
    ["a person's work on top says something else", edited, true],
    ["what was proposed says something else", (it) => it.push("sync", { "clip.json": "{}" }, { message: OURS }), false],
    [
      "an earlier version proposed it, without a signature",
      async (it) => {
        await it.push("sync", { "clip.json": '{"a": {"v": 2}}' }, { message: UNSIGNED });
        return it.push("sync", { "clip.json": "{}" });
      },
      true,
    ],
    ["only a person proposed it", (it) => it.push("sync", { "clip.json": '{"a": {"v": 2}}' }), false],
  ])("is rejected with it as far as nothing is new: %s", async (_what, pushes, isRejected) => {
    const verdict = await judge({ ...other, ...(pushes === undefined ? {} : { pushes }) });
    expect([verdict.isRejected, verdict.closings.length]).toEqual([isRejected, isRejected ? 1 : 0]);
  });

  it("is compared in every category that differs", async () => {
    const proposal = of(drifting({ changes: [modified("a")] }), drifting({ category: "blip" }));
    expect((await judge({ pushes: ours, branch: BRANCH, proposal })).isRejected).toBe(false);
  });

  it.each<[string, CategoryDelta]>([
    ["in the same file", drifting({ changes: [modified("a"), added("lost")] })],
    ["in a file that it left alone", drifting({ category: "blip", files: ["blip.json"], changes: [added("b")] })],
  ])("is no part of what was rejected where the base lost a record since: %s", async (_what, delta) => {
    // All that PRIMARY says now stood on the branch, as it stood on the base then.
    const pushes = async (it: FakeRepository) => {
      await it.push("main", { "blip.json": '{"b": {}}' });
      return it.push("sync", { "clip.json": '{"a": {"v": 2}}' }, { message: OURS });
    };
    expect((await judge({ pushes, branch: BRANCH, proposal: of(delta) })).isRejected).toBe(false);
  });

  it("is told by the fingerprint alone where the proposed commit is gone", async () => {
    const verdict = await judge({ ...other, pull: { endedHead: "0".repeat(40) } });
    expect(verdict.isRejected).toBe(false);
  });
});
