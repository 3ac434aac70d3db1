/**
 * `npm run mutations`: which small changes of src/sync and src/files no unit test notices. MUTATIONS says how many places
 * are changed (default 200), SEED which, UNDER where (a folder or file, default both rooms).
 *
 * A place may be changed in several ways, and holds smaller places, so that more mutations run than places were chosen.
 * Exit 1 where fewer than 90 of 100 are noticed that are not explained in `explained.ts`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Stryker } from "@stryker-mutator/core";
import { createRandom } from "../../sandbox/generate/random.ts";
import { describeResults } from "./results.ts";
import { findPlaces, ROOMS, sample, toRange } from "./sample.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
process.chdir(ROOT);

const count = readNumber("MUTATIONS", 200);
const seed = readNumber("SEED", 1);
const under = process.env["UNDER"] ?? "";
const places = (await findPlaces(ROOT)).filter(({ path }) => path.startsWith(under));
if (places.length === 0) {
  console.error(`UNDER must be in ${ROOMS.join(" or ")}, such as src/sync/marker.ts.`);
  process.exit(2);
}
const chosen = sample(places, count, createRandom(seed));
console.log(`${chosen.length} of ${places.length} places, seed ${seed}.`);

const work = mkdtempSync(join(tmpdir(), "mutations-"));
try {
  const stryker = new Stryker({
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    // To find the tests that are related to a file takes longer than those that the first run found to reach a mutation.
    vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
    mutate: chosen.map(toRange),
    coverageAnalysis: "perTest",
    // A machine that does something else too must not pass for a test that noticed.
    timeoutMS: 10_000,
    timeoutFactor: 2,
    reporters: ["progress-append-only"],
    tempDirName: work,
    ignorePatterns: ["dist", ".vitest", ".wrangler", ".sandbox"],
    // Its preprocessor of tsconfig.json needs TypeScript's JavaScript API, which the native compiler has not.
    tsconfigFile: "none",
    disableTypeChecks: false,
    thresholds: { high: 90, low: 90, break: null },
    allowConsoleColors: false,
  });
  const { text, isGood } = describeResults(await stryker.runMutationTest());
  console.log(text);
  process.exitCode = isGood ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

function readNumber(name: string, otherwise: number): number {
  const value = Number(process.env[name] ?? otherwise);
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`${name} must be a whole number from 1 on.`);
  process.exit(2);
}
