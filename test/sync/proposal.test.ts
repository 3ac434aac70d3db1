import { describe, expect, it } from "vitest";
import type { Category, CategoryName } from "../../src/categories.ts";
import { blobShaOfText } from "../../src/files/blob.ts";
import type { Codec, DiffInput } from "../../src/files/codec.ts";
import type { Tree } from "../../src/files/git-tree.ts";
import { createJsonCodec } from "../../src/files/json-codec.ts";
import { fingerprintOf } from "../../src/sync/delta.ts";
import { type ProposalQuery, propose } from "../../src/sync/proposal.ts";
import type { SyncBranch } from "../../src/sync/snapshot.ts";
import type { Standing } from "../../src/sync/standing.ts";
import { modified } from "../fakes/drift.ts";

type Texts = Readonly<Record<string, string>>;

const OLD = '{"a": {"v": 1}}';
const NEW = '{"a": {"v": 2}}';
const OTHER = '{"a": {"v": 3}}';
const CLIP: Category = { name: "clip", role: "image", codec: createJsonCodec("clip.json") };

const entry = (text: string, mode = "100644") => ({ mode, sha: blobShaOfText(text) });
const tree = (texts: Texts): Tree => new Map(Object.entries(texts).map(([path, text]) => [path, entry(text)]));
const branchOf = (files: Texts, anchor: Texts): SyncBranch => ({
  commit: "head",
  files: tree(files),
  anchor: tree(anchor),
  owner: "ours",
  isFinished: false,
  isMerged: false,
  baseMoved: false,
});

const KINDS = {
  "in-sync": { kind: "in-sync", warnings: ["w"] },
  held: { kind: "held", why: "Too much.", changes: [], warnings: [], awaitsPrimary: false },
  failed: { kind: "failed", error: { code: "primary-malformed", message: "No JSON." }, retryAt: null },
  "on-branch": { kind: "on-branch" },
  "left-on-branch": { kind: "left-on-branch" },
  unchecked: { kind: "unchecked" },
} as const satisfies Record<string, Standing>;

const TEXTS = [OLD, NEW, OTHER, "no JSON", "derived old", "derived new"];
const blobs = new Map(TEXTS.map((text) => [blobShaOfText(text), new TextEncoder().encode(text)]));
const readBlob: ProposalQuery["readBlob"] = async (sha) => blobs.get(sha) ?? new Uint8Array();

function ask(standing: Standing, rest: Partial<ProposalQuery> = {}, category = CLIP) {
  const judged = [{ category, standing, digest: null }];
  return propose({ judged, base: tree({ "clip.json": OLD, README: "1" }), branch: null, readBlob, ...rest });
}

const changedOnBranch = branchOf({ "clip.json": NEW }, { "clip.json": OLD });
const REFUSED = "The repository's check will refuse clip.json: it has no newline at its end.";
const CHANGE = { kind: "modified", name: "a", fields: [{ field: "v", before: "1", after: "2" }] };

describe("a category that drifts", () => {
  const drift = (path: string): Standing => ({
    kind: "drift",
    changes: [modified("a")],
    files: new Map([[path, { text: NEW, sha: blobShaOfText(NEW) }]]),
    before: new Map(),
    warnings: ["w"],
  });

  it("gets the files that this run made, each with the mode it has", async () => {
    const base = new Map([...tree({ README: "1" }), ["clip.json", entry(OLD, "100755")]] as const);
    const proposal = await ask(drift("clip.json"), { base, branch: branchOf({ "clip.json": OTHER }, {}) });
    const delta = [{ category: "clip", changes: [modified("a")], files: ["clip.json"], warnings: ["w"] }] as const;
    expect(proposal).toEqual({
      judged: proposal.judged,
      wanted: new Map([["clip.json", entry(NEW, "100755")]]),
      texts: new Map([["clip.json", NEW]]),
      delta,
      fingerprint: fingerprintOf(delta),
      keptBack: [],
      unknown: [],
      warnings: [],
    });
  });

  it("keeps those of its files that need no change, and gets a missing one as a regular file", async () => {
    const codec: Codec = { ...CLIP.codec, writes: ["clip.json", "new.json", "nobody.json"] };
    const { wanted } = await ask(drift("new.json"), {}, { ...CLIP, codec });
    expect(wanted).toEqual(new Map([...tree({ "clip.json": OLD }), ["new.json", entry(NEW)]] as const));
  });
});

describe("a category that this run makes nothing of", () => {
  it.each([
    ["in-sync", OLD],
    ["unchecked", OLD],
    ["held", NEW],
    ["failed", NEW],
    ["on-branch", NEW],
    ["left-on-branch", NEW],
  ] as const)("%s: has the base's file, or what the branch changed", async (kind, text) => {
    const { wanted, delta, texts, warnings } = await ask(KINDS[kind], { branch: changedOnBranch });
    expect([wanted, texts.size, warnings]).toEqual([tree({ "clip.json": text }), 0, []]);
    const kept = {
      category: "clip",
      changes: [expect.objectContaining(CHANGE)],
      files: ["clip.json"],
      warnings: [REFUSED],
    };
    expect(delta).toEqual(text === OLD ? [] : [kept]);
  });

  it.each(["held", "failed", "on-branch", "left-on-branch"] as const)(
    "%s: has the base's file without a branch",
    async (kind) => {
      const { wanted, delta, warnings } = await ask(KINDS[kind]);
      expect([wanted, delta, warnings]).toEqual([tree({ "clip.json": OLD }), [], []]);
    },
  );

  it("has the base's file where the branch did not change it, and the base moved", async () => {
    const branch = branchOf({ "clip.json": OTHER }, { "clip.json": OTHER });
    const { wanted, delta, warnings } = await ask(KINDS.held, { branch });
    expect([wanted, delta, warnings]).toEqual([tree({ "clip.json": OLD }), [], []]);
  });

  it("loses what the branch changed where the base changed the same file, and that is told", async () => {
    const { wanted, delta, warnings } = await ask(KINDS.held, {
      branch: branchOf({ "clip.json": NEW }, { "clip.json": OTHER }),
    });
    expect([wanted, delta]).toEqual([tree({ "clip.json": OLD }), []]);
    expect(warnings).toEqual([
      "What the pull request held of clip is left out of it, because the base changed the same file meanwhile.",
    ]);
  });

  it("that nobody has any file of has none", async () => {
    const { wanted, delta } = await ask(KINDS.held, { base: new Map() });
    expect([wanted, delta]).toEqual([new Map(), []]);
  });

  it("is told by its files where the branch's cannot be read", async () => {
    const { delta } = await ask(KINDS.held, { branch: branchOf({ "clip.json": "no JSON" }, { "clip.json": OLD }) });
    expect(delta).toEqual([
      {
        category: "clip",
        changes: [],
        files: ["clip.json"],
        warnings: [],
        unreadable: expect.stringMatching(/^clip\.json is not a JSON object/),
      },
    ]);
  });

  it("is kept back where it is held, and unknown where nobody compared it", async () => {
    const standings: readonly (readonly [CategoryName, Standing])[] = [
      ["blip", KINDS["in-sync"]],
      ["clip", KINDS.held],
      ["codeformer", KINDS.failed],
      ["controlnet", KINDS["on-branch"]],
      ["esrgan", KINDS["left-on-branch"]],
      ["gfpgan", KINDS.unchecked],
    ];
    const judged = standings.map(([name, standing]) => ({ category: { ...CLIP, name }, standing, digest: null }));
    const { keptBack, unknown } = await ask(KINDS.held, { judged });
    expect(keptBack).toEqual([{ category: "clip", why: "Too much." }]);
    expect(unknown).toEqual(["codeformer", "esrgan", "gfpgan"]);
  });
});

describe("the old text of a derived file", () => {
  const before = { "clip.json": OLD, "derived.json": "derived old" };
  const after = { "clip.json": NEW, "derived.json": "derived new" };

  async function pathsRead(standing: Standing, base: Texts, files: Texts) {
    const seen: DiffInput[] = [];
    const codec: Codec = {
      ...CLIP.codec,
      writes: ["clip.json", "derived.json"],
      derived: ["derived.json"],
      diff: (input) => {
        seen.push(input);
        return { changes: [], warnings: [] };
      },
    };
    const query = { base: tree(base), branch: branchOf(files, base) };
    await ask(standing, query, { ...CLIP, codec });
    return seen.map((input) => [[...input.before.keys()].sort(), [...input.after.keys()].sort()]);
  }

  it.each<[string, Standing, Texts, Texts, readonly string[]]>([
    ["is read where the category is held", KINDS.held, before, after, ["clip.json", "derived.json"]],
    ["is read where it failed", KINDS.failed, before, after, ["clip.json", "derived.json"]],
    ["is not where a run knows what it published", KINDS["on-branch"], before, after, ["clip.json"]],
    ["is not where it stays", KINDS.held, before, { ...after, "derived.json": "derived old" }, ["clip.json"]],
  ])("%s", async (_what, standing, base, files, expected) => {
    expect(await pathsRead(standing, base, files)).toEqual([[expected, ["clip.json"]]]);
  });

  it("is told as missing where there is none", async () => {
    const paths = ["clip.json", "derived.json"];
    expect(await pathsRead(KINDS.held, { "clip.json": OLD }, after)).toEqual([[paths, ["clip.json"]]]);
  });
});
