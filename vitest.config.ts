import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Vitest leaves one core free by default, which on two cores means one file at a time.
    maxWorkers: "100%",
    reporters: ["default", "json"],
    outputFile: { json: ".vitest/results.json" },
  },
});
