import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The local runtime asks Cloudflare for a sample of `request.cf` otherwise; the tests need no network.
    env: {
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      // The sandbox checks itself, and what it is asked, against GitHub's own description, and says here what fits not.
      SANDBOX_CHECK_API: fileURLToPath(new URL(`.vitest/github-api/${process.pid}`, import.meta.url)),
    },
    setupFiles: ["test/openapi/setup.ts"],
    globalSetup: ["test/openapi/summary.ts"],
    // Vitest leaves one core free by default, which on two cores means one file at a time.
    maxWorkers: "100%",
    reporters: ["default", "json"],
    outputFile: { json: ".vitest/results.json" },
  },
});
