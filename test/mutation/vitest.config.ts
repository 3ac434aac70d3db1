/** The unit tests that concern what is mutated. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: process.cwd(),
    include: [
      "test/{sync,files,service}/**/*.test.ts",
      "test/faults/{branch-is-truth,branch-and-people,no-pr,pull-standing,rejection,table}.test.ts",
    ],
    // Years of real history tell no more here, and take long.
    exclude: ["test/files/history/**", "test/files/linear.test.ts"],
    testTimeout: 60_000,
  },
});
