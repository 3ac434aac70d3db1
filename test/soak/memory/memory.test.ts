/**
 * Answers that are meant to fill the isolate's 128 MB, through the built Worker in real workerd. All of them:
 * `MEMORY=all npx vitest run --project e2e test/soak/memory`.
 */
import { afterAll, describe, expect, it } from "vitest";
import { IS_MEASURABLE, resetPeak, workerdMemory } from "../../../bench/workerd-process.ts";
import { CATEGORY_NAMES } from "../../../src/categories.ts";
import type { Report } from "../../../src/contract/report.ts";
import { describeWorlds, IMAGE, readText, TEXT } from "../../e2e/world.ts";
import { RECORD } from "../../world/ground.ts";
import { gzipBomb, longName, manyFields, manyRecords } from "./hostile-bodies.ts";
import { type Replacement, startReplacingProxy } from "./replacing-proxy.ts";

const MIB = 2 ** 20;
const MOST_MB = 128;
const told: string[] = [];
afterAll(() => console.log(`Resident memory over an idle workerd, most of a run:\n${told.join("\n")}`));

const BOMB = { headers: { "content-encoding": "gzip" }, body: gzipBomb() };
const atPrimary = (category: string, body: string): Replacement => ({
  path: new RegExp(`/v1/${category}$`),
  body: Buffer.from(body),
});

interface Case {
  readonly name: string;
  readonly primary?: readonly Replacement[];
  readonly github?: readonly Replacement[];
  /** Somebody's commit on the image repository's base, taken back before the next run. */
  readonly commit?: Readonly<Record<string, string>>;
  /** What the report says of each of these categories, or of their repository. */
  readonly failed: Readonly<Record<string, RegExp>>;
  /** Bodies that are no larger than allowed, and all meant: the limits bound what is read of them, and not more. */
  readonly isHonest?: true;
  /** It runs with all tests. */
  readonly isQuick?: boolean;
}

const TOO_LARGE = /\((\w+)\): the answer is larger than 16 MiB/;
const WIDE = /holds a record of \d{7} characters \("Wide"\), and at most 262144 are taken/;
const NAME = /holds a record's name of 15000000 characters \("n{80}…"\), and at most 16384 are taken/;
const BLOB = /GitHub did not answer GET .*\/git\/blobs\/[0-9a-f]{40}: the answer is larger than 16 MiB/;
const ANYTHING = /GitHub did not answer GET .*: the answer is larger than 16 MiB/;
const FOURTEEN_MIB = manyRecords(14 * MIB);

const CASES: readonly Case[] = [
  {
    name: "ten gzip bombs at PRIMARY",
    isQuick: true,
    primary: [{ path: /\/v1\/(?!metadata)/, ...BOMB }],
    failed: Object.fromEntries(CATEGORY_NAMES.map((name) => [name, TOO_LARGE])),
  },
  {
    name: "ten gzip bombs at GitHub",
    github: [{ path: /\/git\/blobs\//, ...BOMB }],
    failed: { [IMAGE]: BLOB },
  },
  {
    name: "gzip bombs for everything at GitHub",
    github: [{ path: /./, ...BOMB }],
    failed: { [IMAGE]: ANYTHING, [TEXT]: ANYTHING },
  },
  {
    name: "a record of 200,000 fields at PRIMARY",
    isQuick: true,
    primary: [atPrimary("esrgan", manyFields("Wide", 200_000, 1))],
    failed: { esrgan: WIDE },
  },
  {
    name: "a record of 200,000 fields at GitHub",
    commit: { "clip.json": manyFields("Wide", 200_000, 1) },
    failed: { clip: WIDE },
  },
  {
    name: "a name of 20 MB at PRIMARY",
    isQuick: true,
    primary: [atPrimary("esrgan", longName(20_000_000))],
    failed: { esrgan: TOO_LARGE },
  },
  {
    name: "a name of 15 MB at PRIMARY",
    primary: [atPrimary("esrgan", longName(15_000_000))],
    failed: { esrgan: NAME },
  },
  {
    name: "a name of 15 MB at GitHub",
    commit: { "clip.json": longName(15_000_000) },
    failed: { clip: NAME },
  },
  {
    name: "a body of PRIMARY's just over 16 MiB",
    primary: [atPrimary("esrgan", manyRecords(16 * MIB + 1))],
    failed: { esrgan: TOO_LARGE },
  },
  {
    name: "bodies of PRIMARY's that are 70 MiB together",
    primary: ["esrgan", "blip", "clip", "gfpgan", "codeformer"].map((name) => atPrimary(name, FOURTEEN_MIB)),
    failed: { one: /\((\w+)\): the answer is larger than the 7 MiB that are left of what one run may read/ },
    isHonest: true,
  },
];

/** Each takes some seconds and a workerd of its own. */
const isChosen = ({ isQuick = false }: Case) => isQuick || process.env["MEMORY"] === "all";
it.skipIf(process.env["MEMORY"] === "all")(
  `${CASES.filter((one) => !isChosen(one)).length} more with MEMORY=all`,
  ({ skip }) => skip(),
);

describe.skipIf(!IS_MEASURABLE).each(CASES.filter(isChosen))("a run meets $name", (given) => {
  const { name, primary = [], github = [], commit = {}, failed, isHonest = false } = given;
  // A workerd of its own, since none gives back all that it once needed.
  const createWorld = describeWorlds();

  it("and neither needs the memory nor loses the rest", async () => {
    const world = await createWorld();
    const [atPrimary, atGitHub] = [
      await startReplacingProxy(world.sandbox.primary.url),
      await startReplacingProxy(world.sandbox.github.url),
    ];
    await world.restart({
      HORDE_GITHUB_SYNC_PRIMARY_API_URL: atPrimary.url,
      HORDE_GITHUB_SYNC_GITHUB_API_URL: atGitHub.url,
    });
    await world.sync();
    const idleMb = workerdMemory().nowMb;
    resetPeak();
    world.sandbox.primary.putRecord("esrgan", "New", RECORD);
    const paths = Object.keys(commit);
    const before = Object.fromEntries(paths.map((path) => [path, readText(world, IMAGE, "main", path)]));
    if (paths.length > 0) world.sandbox.github.commit({ repository: IMAGE, files: commit });
    atPrimary.replacements = primary;
    atGitHub.replacements = github;
    const { report } = await world.sync();
    const overMb = workerdMemory().peakMb - idleMb;
    atPrimary.replacements = [];
    atGitHub.replacements = [];
    if (paths.length > 0) world.sandbox.github.commit({ repository: IMAGE, files: before });
    const { report: after } = await world.sync();
    await Promise.all([atPrimary.close(), atGitHub.close()]);
    told.push(`- ${name}: ${Math.round(overMb)} MB over ${Math.round(idleMb)} MB`);
    const faults = faultsOf(report);
    for (const [what, reason] of Object.entries(failed)) {
      // Which one comes last is chance.
      if (isHonest) expect(Object.values(faults)).toEqual([expect.stringMatching(reason)]);
      else expect(faults[what], what).toMatch(reason);
    }
    if (!isHonest) expect(overMb).toBeLessThan(MOST_MB);
    expect(after.outcome).toBe("published");
    expect(after.repositories.find(({ repository }) => repository === IMAGE)).toMatchObject({
      outcome: expect.stringMatching(/created|updated|current/),
      categories: { esrgan: { added: ["New"] } },
    });
  });
});

/** By category, or by repository. */
function faultsOf({ repositories, error }: Report): Record<string, string> {
  const found = repositories.flatMap(({ repository, categories, error: fault }) => [
    ...(fault === undefined ? [] : [[repository, fault.message] as const]),
    ...Object.entries(categories).flatMap(([name, { failed }]) =>
      failed === undefined ? [] : [[name, failed.message] as const],
    ),
  ]);
  return { ...(error === undefined ? {} : { run: error.message }), ...Object.fromEntries(found) };
}
