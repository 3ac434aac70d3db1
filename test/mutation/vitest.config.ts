/** The unit tests that concern what is mutated. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** A mutation is done with at the first test that notices it, so that those which take long come last. */
const SLOW = /\.property\.test\.ts$|\/(faults|both-ways)\//;

class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => slowness(one) - slowness(other));
  }
}

function slowness({ moduleId }: TestSpecification): number {
  return SLOW.test(moduleId) ? 1 : 0;
}

export default defineConfig({
  test: {
    root: process.cwd(),
    include: ["test/{sync,files,service}/**/*.test.ts", "test/faults/{no-pr,pull-standing,rejection,table}.test.ts"],
    // Years of real history tell no more here, and take long.
    exclude: ["test/files/history/**", "test/files/linear.test.ts"],
    testTimeout: 60_000,
    alias: [{ find: /^fast-check$/, replacement: fileURLToPath(new URL("few-runs.ts", import.meta.url)) }],
    // One thread for the files of one mutation, so that each module is loaded once.
    isolate: false,
    sequence: { sequencer: QuickestFirst },
  },
});
