import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const BROWSER = ["test/browser/**/*.test.ts"];
const FAULTS = ["test/faults/**/*.test.ts"];
const SLOW = [
  "test/soak/*.test.ts",
  "test/files/{linear,both-ways/**/*,json/edit-records.property,text/lens.property}.test.ts",
];
/** Those that start servers or processes. */
const E2E = [
  "test/e2e/**/*.test.ts",
  "test/sandbox/**/*.test.ts",
  "test/readme/**/*.test.ts",
  "test/bench/**/*.test.ts",
  "test/soak/memory/**/*.test.ts",
  "test/config/dev-vars.test.ts",
  "test/files/complete-patch.test.ts",
  "test/net/read-body.test.ts",
  "test/replica/credentials.test.ts",
  "test/sync/commit-trailers.test.ts",
  "test/cli/{apply,examples,process,watch-process}.test.ts",
  "test/library/{create-sync,package,programs}.test.ts",
  "test/examples/{actions,cron,monitoring,systemd}.test.ts",
];

function project(name: string, include: readonly string[], exclude: readonly string[] = []) {
  return { extends: true as const, test: { name, include: [...include], exclude: [...exclude] } };
}

export default defineConfig({
  test: {
    projects: [
      project("unit", ["test/!(faults)/**/*.test.ts", "test/*.test.ts"], [...BROWSER, ...SLOW, ...E2E]),
      project("e2e", E2E),
      project("faults", [...FAULTS, ...SLOW]),
      project("browser", BROWSER),
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    alias: [
      { find: /^fast-check$/, replacement: fileURLToPath(new URL("test/properties/fast-check.ts", import.meta.url)) },
    ],
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
    reporters: ["default", "json", "./test/how-to-rerun.ts"],
    outputFile: { json: ".vitest/results.json" },
  },
});
