/**
 * Whatever happens to GitHub, the caches and the isolates, in whatever order: nobody is served anything but a file that
 * was committed and can be read, nobody goes back in time, and all agree with GitHub again when it works.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { blobShaOfText } from "../../src/files/blob.ts";
import type { RunHead } from "../../src/replica/replica.ts";
import type { Isolate, World } from "./world.ts";
import { createWorld, IMAGE, TTL_MS, textOf } from "./world.ts";

type Event =
  | { readonly kind: "read"; readonly isolate: number; readonly refresh: boolean }
  | { readonly kind: "push"; readonly isReadable: boolean }
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "github"; readonly fault: keyof typeof FAULTS }
  | { readonly kind: "cold"; readonly isolate: number }
  /** A run reads the head, which it hands over when it ends. */
  | { readonly kind: "begin" }
  | { readonly kind: "end"; readonly isolate: number }
  | { readonly kind: "forget"; readonly cache: "kv" | "edge" };

const FAULTS = {
  none: null,
  down: () => Response.json({ message: "down" }, { status: 400 }),
  limited: () => Response.json({ message: "slow down" }, { status: 429, headers: { "retry-after": "120" } }),
  cut: ({ line }: { line: string }) => (line.includes("git/blobs/") ? new Response("{") : null),
} as const;

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("read"), isolate: fc.nat(2), refresh: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("push"), isReadable: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("pass"), ms: fc.constantFrom(1, TTL_MS, 3 * TTL_MS, 11 * TTL_MS) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("github"), fault: fc.constantFrom("none", "down", "limited", "cut") }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cold"), isolate: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("begin") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("end"), isolate: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("forget"), cache: fc.constantFrom("kv", "edge") }) },
);

interface History {
  readonly world: World;
  readonly isolates: Isolate[];
  /** The number of the last readable version each isolate served. */
  readonly served: number[];
  versions: number;
  newestReadable: number;
  isNewestReadable: boolean;
  newest: RunHead | null;
  begun: RunHead | null;
}

async function happen(step: Event, history: History): Promise<void> {
  const { world, isolates, served } = history;
  switch (step.kind) {
    case "read":
      return read(step.isolate, step.refresh, history);
    case "push": {
      const version = ++history.versions;
      const text = step.isReadable ? `{"v${version}": {}}` : `{"v${version}": `;
      const commit = world.github.push(IMAGE, { "blip.json": text });
      const files = new Map([["blip.json", blobShaOfText(text)]]);
      history.newest = { repository: IMAGE, branch: "main", commit, treeSha: `tree of ${commit}`, files, readAt: 0 };
      history.isNewestReadable = step.isReadable;
      if (step.isReadable) history.newestReadable = version;
      return;
    }
    case "pass":
      return world.clock.advance(step.ms);
    case "github":
      return world.github.intercept(FAULTS[step.fault]);
    case "cold":
      isolates[step.isolate] = world.isolate();
      served[step.isolate] = 0;
      return;
    case "begin":
      await world.clock.advance(1);
      history.begun = history.newest && { ...history.newest, readAt: world.clock.now() };
      return world.clock.advance(1);
    case "end":
      if (history.begun !== null) await isolates[step.isolate]?.warm([history.begun]);
      return isolates[step.isolate]?.rest();
    case "forget":
      return (step.cache === "kv" ? world.kv : world.edge).values.clear();
  }
}

async function read(index: number, refresh: boolean, { world, isolates, served, newestReadable }: History) {
  const isolate = isolates[index] ?? world.isolate();
  const answer = await isolate.readAll("blip", { refresh }).catch((error: unknown) => {
    expect(error).toMatchObject({ name: "SyncError" });
    return null;
  });
  if (answer === null) return expect(served[index], "served before, and not now").toBe(0);
  const version = Number(/^\{"v(\d+)": \{\}\}$/.exec(await textOf(answer))?.[1]);
  expect(version).toBeGreaterThanOrEqual(served[index] ?? 0);
  expect(version).toBeLessThanOrEqual(newestReadable);
  expect(answer.checkedAt).toBeLessThanOrEqual(world.clock.now());
  served[index] = version;
}

it("serves what was committed, never goes back, and comes to agree with GitHub", async () => {
  const check = fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 25 }), async (steps) => {
    const world = createWorld({ requestMs: 1 });
    const isolates = [0, 1, 2].map(() => world.isolate());
    const history = {
      world,
      isolates,
      served: [0, 0, 0],
      versions: 0,
      newestReadable: 0,
      isNewestReadable: true,
      newest: null,
      begun: null,
    };
    await happen({ kind: "push", isReadable: true }, history);
    for (const step of steps) await happen(step, history);
    world.github.intercept(null);
    if (!history.isNewestReadable) await happen({ kind: "push", isReadable: true }, history);
    for (const [index, isolate] of isolates.entries()) {
      await world.clock.advance(3 * TTL_MS);
      await read(index, false, history);
      const answer = await isolate.readAll("blip");
      expect(answer).toMatchObject({ stale: null, source: "hit" });
      expect(await textOf(answer)).toBe(`{"v${history.newestReadable}": {}}`);
    }
  });
  await fc.assert(check, { numRuns: 60 });
});
