import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The local runtime asks Cloudflare for a sample of `request.cf` otherwise; the tests need no network.
    env: { CLOUDFLARE_CF_FETCH_ENABLED: "false" },
    // Vitest leaves one core free by default, which on two cores means one file at a time.
    maxWorkers: "100%",
    reporters: ["default", "json"],
    outputFile: { json: ".vitest/results.json" },
  },
});
