/** The unit tests that concern what is mutated. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * A mutation is done with at the first test that notices it. So those of the codecs come before those of runs, which reach
 * the codecs too, and what takes long comes last.
 */
const ORDER = [
  /\/test\/files\/(?!both-ways).*(?<!\.property)\.test\.ts$/,
  /\/test\/sync\/(?!describe)/,
  /\/test\/files\//,
  /\/test\/sync\//,
];

class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = ORDER.findIndex((pattern) => pattern.test(moduleId));
  return rank < 0 ? ORDER.length : rank;
}

export default defineConfig({
  test: {
    root: process.cwd(),
    include: ["test/{sync,files,service}/**/*.test.ts", "test/faults/{no-pr,pull-standing,rejection,table}.test.ts"],
    // Years of real history tell no more here, and take long.
    exclude: ["test/files/history/**", "test/files/linear.test.ts"],
    testTimeout: 60_000,
    // Whatever survives is asked of every property that reaches it.
    alias: [
      { find: /^fast-check$/, replacement: fileURLToPath(new URL("../properties/fast-check.ts", import.meta.url)) },
    ],
    env: { PROPERTY_MOST: "60" },
    // One thread for the files of one mutation, so that each module is loaded once.
    isolate: false,
    sequence: { sequencer: QuickestFirst },
  },
});
