/**
 * Upgrade and rollback: what another version of the service has stored is read or forgotten, and nothing is done twice
 * for it.
 */
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { sha256 } from "../../src/files/blob.ts";
import { openPulls } from "../faults/truth.ts";
import { editRecord } from "./primary-deeds.ts";
import { START } from "./soak-clock.ts";
import { readHealth, readPage, readStatus } from "./views.ts";
import { RECONCILE, type SoakWorld, startSoakWorld, WATCH } from "./world.ts";

const MINUTE_MS = 60_000;
const Stored = z.record(z.string(), z.unknown());
type Stored = z.infer<typeof Stored>;

/** The fields that each version's state had, of all that there are; the memory's below them. */
const FIRST = {
  state: [
    ...["version", "lastUpdated", "isUnsettled", "lastCheckedAt", "lastSuccessAt", "consecutiveErrors"],
    ...["nextAttemptAt", "repositories", "memory"],
  ],
  memory: ["baseTree", "sameness", "published"],
  repository: ["repository", "branch", "outcome", "pullRequest", "commit", "files", "categories", "error"],
};
const SECOND = {
  state: [...FIRST.state, "memoryDigest", "counters", "lastRun", "lastError", "rateLimit"],
  memory: [...FIRST.memory, "settledAt"],
  repository: FIRST.repository,
};
const BEFORE_HEALTH = {
  state: [...SECOND.state, "awaiting"],
  memory: [...SECOND.memory, "sources", "decoration", "closings", "inSyncAt", "failures", "origins"],
  repository: [...FIRST.repository, "checked", "since"],
};

function only(value: unknown, fields: readonly string[]): Stored {
  return Object.fromEntries(Object.entries(Stored.parse(value)).filter(([name]) => fields.includes(name)));
}

/** A state of today as that version would have written it. */
function asOf({ state, memory, repository }: typeof FIRST) {
  return (stored: Stored): Stored => {
    const memories = Object.entries(Stored.parse(stored["memory"])).map(([name, of]) => [name, only(of, memory)]);
    const kept = Object.fromEntries(memories);
    return {
      ...only(stored, state),
      // Without it, or with another one, the memory is not believed.
      ...(state.includes("memoryDigest") ? { memoryDigest: sha256(JSON.stringify(kept)) } : {}),
      repositories: z
        .array(z.unknown())
        .parse(stored["repositories"])
        .map((one) => only(one, repository)),
      memory: kept,
    };
  };
}

const editRepositories = (edit: (repository: Stored) => Stored) => (stored: Stored) => ({
  ...stored,
  repositories: z.array(Stored).parse(stored["repositories"]).map(edit),
});

interface Version {
  readonly name: string;
  readonly write: (stored: Stored) => Stored;
  /** The reports are there as they were, before a run made others. */
  readonly isRead: boolean;
}

const VERSIONS: readonly Version[] = [
  { name: "this one", write: (stored) => stored, isRead: true },
  { name: "the very first one", write: asOf(FIRST), isRead: true },
  { name: "one with a digest of the memory", write: asOf(SECOND), isRead: true },
  { name: "one that had no heartbeat and no bucket", write: asOf(BEFORE_HEALTH), isRead: true },
  {
    name: "a later one, with fields that nobody knows, at every depth",
    write: (stored) => ({
      ...editRepositories((one) => ({ ...one, later: [1], categories: { ...Stored.parse(one["categories"]) } }))(
        stored,
      ),
      later: { of: { a: "version" } },
    }),
    isRead: true,
  },
  { name: "a later one of other meaning", write: (stored) => ({ ...stored, version: 2 }), isRead: false },
  {
    name: "a later one, with an outcome that nobody knows",
    write: editRepositories((one) => ({ ...one, outcome: "postponed" })),
    isRead: false,
  },
  {
    name: "a later one, with an error that nobody knows",
    write: (stored) => ({ ...stored, lastError: { code: "github-on-holiday", message: "Come back later." } }),
    isRead: false,
  },
  {
    name: "a later one, with a category that nobody knows",
    write: editRepositories((one) => ({
      ...one,
      categories: { holograms: { added: [], removed: [], modified: [], warnings: [] } },
    })),
    isRead: false,
  },
  {
    name: "a later one, with a trigger that nobody knows",
    write: (stored) => ({ ...stored, lastRun: { ...Stored.parse(stored["lastRun"]), trigger: "telepathy" } }),
    isRead: false,
  },
  { name: "one that keeps a list", write: () => Stored.parse({ 0: "no", length: 1 }), isRead: false },
];

/** With an open pull request in one repository, and all in sync in the other. */
async function prepare(): Promise<{ world: SoakWorld; pass: (cron?: string) => Promise<void> }> {
  const world = await startSoakWorld(1);
  let minute = 0;
  const pass = async (cron = WATCH) => {
    minute++;
    world.clock.reach(START + minute * MINUTE_MS);
    await world.tick({ cron });
  };
  await pass();
  editRecord(world, "esrgan", 1);
  await pass();
  await pass();
  expect(openPulls(world, world.image)).toHaveLength(1);
  return { world, pass };
}

function rewrite({ kv }: SoakWorld, write: Version["write"]): void {
  const stored = Stored.parse(JSON.parse(kv.values.get("state")?.value ?? "null"));
  kv.values.set("state", { value: JSON.stringify(write(stored)) });
}

describe.each(VERSIONS)("what was stored by $name", ({ write, isRead }) => {
  it(`is ${isRead ? "read" : "forgotten"}, and nothing is published twice`, async () => {
    const { world, pass } = await prepare();
    const [pull] = openPulls(world, world.image);
    rewrite(world, write);
    const before = await readStatus(world);
    expect(before?.repositories.length).toBe(isRead ? 2 : 0);
    expect(await readPage(world)).toContain("<!doctype html>");
    expect(await readHealth(world)).toEqual([]);
    world.startDay();
    await pass();
    await pass(RECONCILE);
    expect(world.traffic.writes).toBe(0);
    expect(openPulls(world, world.image).map(({ number, head }) => [number, head.sha])).toEqual([
      [pull?.number, pull?.head.sha],
    ]);
    const after = await readStatus(world);
    expect(after?.state).toBe("pending");
    expect(after?.repositories.map(({ outcome }) => outcome)).toEqual(["current", "in-sync"]);
    editRecord(world, "esrgan", 2);
    await pass();
    await pass();
    expect(openPulls(world, world.image).map(({ number }) => number)).toEqual([pull?.number]);
    expect(openPulls(world, world.image)[0]?.head.sha).not.toBe(pull?.head.sha);
    await world.close();
  });
});

describe("records of runs", () => {
  it("are listed and shown as far as they can be read, and the others are left out", async () => {
    const { world } = await prepare();
    const runs = [...world.kv.values].filter(([key]) => key.startsWith("run:"));
    const [[key, { value, metadata }] = ["", { value: "{}" }]] = runs;
    const report = Stored.parse(JSON.parse(value));
    const first = ["id", "trigger", "startedAt", "finishedAt", "durationMs", "dryRun", "forced", "outcome"];
    const old = only(report, [...first, "primary", "repositories", "warnings", "requests"]);
    world.kv.values.set(key, { value: JSON.stringify(old), metadata });
    const id = String(report["id"]);
    expect(await readPage(world, `/runs/${id}`)).toContain(id);
    const later = { ...report, outcome: "postponed" };
    world.kv.values.set(key, {
      value: JSON.stringify(later),
      metadata: { ...Stored.parse(metadata), outcome: "postponed" },
    });
    expect(await readPage(world, "/runs")).not.toContain(id);
    const answer = await world.invoke(async ({ app }) => app.request(`/runs/${id}`));
    expect(answer.status).toBe(404);
    await world.close();
  });
});
