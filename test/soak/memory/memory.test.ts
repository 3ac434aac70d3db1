/**
 * Answers that are meant to fill the isolate's 128 MB, through the built Worker in real workerd.
 */
import { afterAll, describe, expect, it } from "vitest";
import { IS_MEASURABLE, resetPeak, workerdMemory } from "../../../bench/workerd-process.ts";
import { CATEGORY_NAMES } from "../../../src/categories.ts";
import type { Report } from "../../../src/contract/report.ts";
import { describeWorlds, IMAGE, SMALL_RECORD } from "../../e2e/world.ts";
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
  /** What the report says of each of these categories, or of their repository. */
  readonly failed: Readonly<Record<string, RegExp>>;
}

const CASES: readonly Case[] = [
  {
    name: "ten gzip bombs at PRIMARY",
    primary: [{ path: /\/v1\/(?!metadata)/, ...BOMB }],
    failed: Object.fromEntries(CATEGORY_NAMES.map((name) => [name, new RegExp(`\\(${name}\\).* larger than 16 MiB`)])),
  },
  {
    name: "a body of PRIMARY's just over 16 MiB",
    primary: [atPrimary("esrgan", manyRecords(16 * MIB + 1))],
    failed: { esrgan: /\(esrgan\).* larger than 16 MiB/ },
  },
  {
    name: "a name of 20 MB at PRIMARY",
    primary: [atPrimary("esrgan", longName(20_000_000))],
    failed: { esrgan: /\(esrgan\).* larger than 16 MiB/ },
  },
  {
    name: "bodies of PRIMARY's that are 70 MiB together",
    primary: ["esrgan", "blip", "clip", "gfpgan", "codeformer"].map((name) => atPrimary(name, manyRecords(14 * MIB))),
    failed: {},
  },
  {
    name: "a record of 200,000 fields at PRIMARY",
    primary: [atPrimary("esrgan", manyFields("Wide", 200_000, 1))],
    failed: {},
  },
  {
    name: "a name of 15 MB at PRIMARY",
    primary: [atPrimary("esrgan", longName(15_000_000))],
    failed: {},
  },
  {
    name: "ten gzip bombs at GitHub",
    github: [{ path: /\/git\/blobs\//, ...BOMB }],
    failed: {},
  },
  {
    name: "gzip bombs for everything at GitHub",
    github: [{ path: /./, ...BOMB }],
    failed: {},
  },
];

describe.skipIf(!IS_MEASURABLE).each(CASES)("a run meets $name", ({ name, primary = [], github = [], failed }) => {
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
    world.sandbox.primary.putRecord("esrgan", "New", SMALL_RECORD);
    atPrimary.replacements = primary;
    atGitHub.replacements = github;
    const { report } = await world.sync();
    const overMb = workerdMemory().peakMb - idleMb;
    atPrimary.replacements = [];
    atGitHub.replacements = [];
    const { report: after } = await world.sync();
    await Promise.all([atPrimary.close(), atGitHub.close()]);
    told.push(`- ${name}: ${Math.round(overMb)} MB over ${Math.round(idleMb)} MB`);
    console.log(told.at(-1), report.outcome, JSON.stringify(report).length, faultsOf(report));
    for (const [what, reason] of Object.entries(failed)) expect(faultsOf(report)[what], what).toMatch(reason);
    expect(overMb).toBeLessThan(MOST_MB);
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
