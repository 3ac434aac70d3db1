import { describe, expect, it } from "vitest";
import type { Category } from "../../src/categories.ts";
import { SyncError } from "../../src/core/errors.ts";
import { blobShaOfText } from "../../src/files/blob.ts";
import type { RecordChange } from "../../src/files/codec.ts";
import { createJsonCodec } from "../../src/files/json-codec.ts";
import { EMPTY_MEMORY, type KnownOrigin } from "../../src/sync/memory.ts";
import { findOrigins, type OriginQuery } from "../../src/sync/origin.ts";
import type { Standing } from "../../src/sync/standing.ts";
import { drifting, modified, renamed } from "../fakes/drift.ts";

const CLIP: Category = { name: "clip", role: "image", codec: createJsonCodec("clip.json") };
const SYNCED = '{"a": {"v": 1}, "b": {"v": 1}}';
/** Somebody changed both on the base; PRIMARY has another `b` too. */
const EDITED = '{"a": {"v": 2}, "b": {"v": 2}}';
const PRIMARY = '{"a": {"v": 1}, "b": {"v": 3}}';
const AT = "2026-11-20T12:00:00.000Z";
const KEY = `${blobShaOfText(SYNCED)} > ${blobShaOfText(EDITED)}`;

interface World {
  readonly synced?: string | null;
  readonly edited?: string;
  readonly wanted?: string;
  readonly changes?: readonly RecordChange[];
  readonly standing?: Standing;
  readonly known?: KnownOrigin;
  readonly isRemembered?: boolean;
  readonly history?: OriginQuery["read"]["history"];
}

async function find(world: World) {
  const { synced = SYNCED, edited = EDITED, wanted = PRIMARY, changes = [modified("a"), modified("b")] } = world;
  const { known, isRemembered = true } = world;
  const asked: unknown[] = [];
  const blobs = new Map([synced ?? "", edited].map((text) => [blobShaOfText(text), new TextEncoder().encode(text)]));
  const files = synced === null ? {} : { "clip.json": blobShaOfText(synced) };
  const drift: Standing = {
    kind: "drift",
    changes,
    before: new Map([["clip.json", edited]]),
    warnings: [],
    files: new Map([["clip.json", { text: wanted, sha: blobShaOfText(wanted) }]]),
  };
  const entry = drifting({ changes });
  const found = await findOrigins({
    delta: [entry],
    judged: [
      { category: { ...CLIP, name: "blip" }, standing: { kind: "unchecked" }, digest: null },
      { category: CLIP, standing: world.standing ?? drift, digest: null },
    ],
    base: {
      commit: "now",
      treeSha: "tree",
      files: new Map([["clip.json", { mode: "100644", sha: blobShaOfText(edited) }]]),
    },
    memory: {
      ...EMPTY_MEMORY,
      ...(isRemembered ? { inSyncAt: { clip: { at: AT, commit: "then", files } } } : {}),
      ...(known === undefined ? {} : { origins: { clip: known } }),
    },
    read: {
      blob: async (sha) => {
        asked.push(sha);
        return blobs.get(sha) ?? new Uint8Array();
      },
      history:
        world.history ??
        (async (query) => {
          asked.push(query);
          return ["newest", "older", "then", "before"];
        }),
    },
  });
  return { entry, asked, ...found };
}

describe("an edit of the base that is undone", () => {
  it("is told with the commits since the two were in sync", async () => {
    const { delta, known, asked, entry } = await find({});
    expect(delta).toEqual([{ ...entry, origin: { names: ["a"], commits: ["newest", "older"], since: "then" } }]);
    expect(known).toEqual({ clip: { key: KEY, names: ["a"], commits: ["newest", "older"] } });
    expect(asked).toEqual([blobShaOfText(SYNCED), { from: "now", path: "clip.json", since: AT }]);
  });

  it("may be by any of the commits where the one that was in sync is not among them", async () => {
    const { delta } = await find({ history: async () => ["newest"] });
    expect(delta[0]?.origin?.commits).toEqual(["newest"]);
  });

  it("is known from an earlier run, as long as both files are the same", async () => {
    const known = { key: KEY, names: ["a", "gone"], commits: ["kept"] };
    const same = await find({ known });
    expect([same.delta[0]?.origin, same.known, same.asked]).toEqual([
      { names: ["a"], commits: ["kept"], since: "then" },
      { clip: known },
      [],
    ]);
    const other = await find({ known: { ...known, key: "other" } });
    expect([other.known["clip"]?.names, other.asked.length]).toEqual([["a"], 2]);
  });

  it("may be that a record came, or got another name", async () => {
    const long = '{"url": "https://models.test/a/b/c", "sha": "0123456789abcdef"}';
    const file = (name: string) => `{"${name}": ${long}}`;
    const renaming = { synced: file("old"), edited: file("new"), wanted: file("old") };
    expect((await find({ ...renaming, changes: [renamed("new", "old")] })).delta[0]?.origin?.names).toEqual([
      "old",
      "new",
    ]);
    const coming = { synced: null, edited: file("new"), wanted: "{}" };
    expect(
      (await find({ ...coming, changes: [{ kind: "removed", name: "new", before: "{}" }] })).delta[0]?.origin?.names,
    ).toEqual(["new"]);
  });
});

describe("nothing is undone", () => {
  it.each<[string, World, boolean]>([
    ["where nobody knows when they were in sync", { isRemembered: false }, false],
    ["where the base was not edited", { edited: SYNCED }, false],
    ["where this run did not compare", { standing: { kind: "on-branch" } }, false],
    ["where PRIMARY changed all of it too", { wanted: '{"a": {"v": 7}, "b": {"v": 3}}' }, true],
    ["where the branch does not change it", { changes: [modified("b")] }, true],
  ])("%s", async (_what, world, isKnown) => {
    const { delta, known, entry } = await find(world);
    expect([delta, "clip" in known]).toEqual([[entry], isKnown]);
  });

  it("and the history is not asked for, where no edit is left", async () => {
    const { known, asked } = await find({ wanted: '{"a": {"v": 7}, "b": {"v": 3}}' });
    expect(known).toEqual({ clip: { key: KEY, names: [], commits: [] } });
    expect(asked).toEqual([blobShaOfText(SYNCED)]);
  });

  it("that anybody could tell, where GitHub fails; a bug is not hidden", async () => {
    const fails = (error: Error) => find({ history: () => Promise.reject(error) });
    const { delta, known, entry } = await fails(new SyncError("github-unavailable", "GitHub answered 502."));
    expect([delta, known]).toEqual([[entry], {}]);
    await expect(fails(new TypeError("a bug"))).rejects.toThrow("a bug");
  });
});
