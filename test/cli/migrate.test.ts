import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCommand } from "../../src/cli/command.ts";
import { renderSecretsFile } from "../../src/cli/migration-text.ts";
import { parseConfig } from "../../src/config/config.ts";
import { SECRETS } from "../../src/config/migration.ts";
import { PEM } from "../fakes/keys.ts";
import { createFakeHost } from "./fake-host.ts";

const TOKEN = "ghp_a-secret-that-is-not-shown";
const OLD = `# the old service's
GITHUB_APP_ID=1234567
GITHUB_APP_PRIVATE_KEY_PATH=key.pem
HORDE_GITHUB_SYNC_PRIMARY_API_URL=https://models.aihorde.net/
HORDE_GITHUB_SYNC_PR_LABELS='["a \\"b\\"", "c"]'
HORDE_GITHUB_SYNC_TARGET_CLONE_DIR=/data
SYNC_INTERVAL=21600
`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "migrate-"));
  writeFileSync(join(folder, ".env.sync"), OLD);
  writeFileSync(join(folder, "key.pem"), PEM);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function migrate(...args: string[]) {
  const host = createFakeHost({ cwd: folder, home: folder });
  const code = await runCommand(["migrate", ...args], host);
  return { code, ...host.seen };
}

describe("migrate", () => {
  it("prints the variables and what changes, and of secrets the names", async () => {
    writeFileSync(join(folder, ".env.sync"), `${OLD}GITHUB_TOKEN=${TOKEN}\n`);
    const { code, stdout, stderr } = await migrate(".env.sync");
    expect(code).toBe(0);
    expect(stdout).toContain('HORDE_GITHUB_SYNC_PRIMARY_API_URL = "https://models.aihorde.net/"\n');
    expect(stdout).toContain("#   GITHUB_APP_PRIVATE_KEY\n");
    expect(stdout).toContain("#   GITHUB_TOKEN\n");
    expect(stderr).toContain("Stop the Python service first");
    expect(stderr).toContain("model-reference-sync --env-file .env.sync\n");
    expect(stderr).toContain("HORDE_GITHUB_SYNC_TARGET_CLONE_DIR is left out: nothing is cloned.\n");
    expect(stderr).toContain("SYNC_INTERVAL is left out");
    expect(stderr).toContain("An App and a token are set: the App is used");
    for (const secret of [TOKEN, "MAMCAQA", "1234567"]) expect(stdout + stderr).not.toContain(secret);
  });

  it("writes both into a folder, the secrets for their owner alone, and a Worker takes them", async () => {
    const { code, stdout } = await migrate(".env.sync", "--output-dir", "worker");
    expect(code).toBe(0);
    const secretsFile = join(folder, "worker/secrets.env");
    expect(stdout).toContain(`npx wrangler deploy --secrets-file ${secretsFile}\n`);
    expect(statSync(secretsFile).mode & 0o777).toBe(0o600);
    const vars = Array.from(
      readFileSync(join(folder, "worker/vars.toml"), "utf8").matchAll(/^(\w+) = (".*")$/gm),
      ([, name = "", value = ""]): [string, string] => [name, JSON.parse(value)],
    );
    const config = parseConfig({ ...Object.fromEntries(vars), ...parseEnv(readFileSync(secretsFile, "utf8")) });
    expect(config).toMatchObject({
      auth: { kind: "github-app", appId: "1234567", privateKey: PEM },
      primaryUrl: "https://models.aihorde.net",
      pullRequest: { labels: ['a "b"', "c"] },
      warnings: [],
    });
  });

  it("replaces no file, which may be the only copy", async () => {
    await migrate(".env.sync", "--output-dir", "worker");
    writeFileSync(join(folder, "worker/secrets.env"), "mine");
    const { code, stderr } = await migrate(".env.sync", "--output-dir", "worker");
    expect([code, stderr]).toEqual([
      1,
      "worker cannot be written: a file is in its place. Nothing there was replaced.\n",
    ]);
    expect(readFileSync(join(folder, "worker/secrets.env"), "utf8")).toBe("mine");
  });

  it("says how to bring a key along that is not here, and ends with 1 as the Worker would refuse it so", async () => {
    rmSync(join(folder, "key.pem"));
    const { code, stderr } = await migrate(".env.sync");
    expect(code).toBe(1);
    expect(stderr).toContain("npx wrangler secret put GITHUB_APP_PRIVATE_KEY < key.pem");
    expect(stderr).toContain("GITHUB_APP_PRIVATE_KEY is missing");
  });

  it.each<[string, string, RegExp]>([
    [
      "an address of the inner network",
      "HORDE_GITHUB_SYNC_PRIMARY_API_URL=http://horde-model-reference:19800",
      /A Worker is outside/,
    ],
    ["this machine", "HORDE_GITHUB_SYNC_PRIMARY_API_URL=http://localhost:19800", /A Worker is outside/],
    [
      "no PRIMARY",
      "HORDE_GITHUB_SYNC_PRIMARY_API_URL=",
      /what wrangler.toml says counts, https:\/\/models.aihorde.net/,
    ],
    ["a watch that is off", "HORDE_GITHUB_SYNC_WATCH_MODE=false", /compares every six hours/],
    ["a fast watch", "HORDE_GITHUB_SYNC_WATCH_INTERVAL_SECONDS=30", /means 60/],
    ["NO_PR", "horde_github_sync_no_pr=true", /Nothing is written to GitHub until/],
    ["a name that is nearly right", "HORDE_GITHUB_SYNC_PR_LABEL=x", /Did you mean HORDE_GITHUB_SYNC_PR_LABELS\?/],
    ["a name of nobody", "COLOUR=x", /COLOUR is left out: it is not a setting/],
    ["a name that every object has", "constructor=x", /constructor is left out: it is not a setting/],
  ])("tells of %s", async (_what, line, expected) => {
    writeFileSync(join(folder, ".env.sync"), `${OLD}${line}\n`);
    const { code, stdout, stderr } = await migrate(".env.sync");
    expect([code, stderr]).toEqual([0, expect.stringMatching(expected)]);
    expect(stdout).not.toMatch(/PR_LABEL =|COLOUR/);
  });

  it("shows no value that a Worker would refuse, such as an address with a password", async () => {
    writeFileSync(join(folder, ".env.sync"), "HORDE_GITHUB_SYNC_PRIMARY_API_URL=https://me:hidden-word@primary.test\n");
    const { code, stdout: out, stderr: err } = await migrate(".env.sync");
    expect(code).toBe(1);
    expect(out + err).not.toContain("hidden-word");
    expect(err).toContain("HORDE_GITHUB_SYNC_PRIMARY_API_URL must be");
  });

  it("takes no file with a line that is no setting, and shows nothing of it", async () => {
    writeFileSync(
      join(folder, ".env.sync"),
      `HORDE_GITHUB_SYNC_GITHUB_TOKEN: ${TOKEN}\nHORDE_GITHUB_SYNC_NO_PR=true\n`,
    );
    const { code, stdout: out, stderr: err } = await migrate(".env.sync");
    expect([code, err]).toEqual([2, expect.stringContaining("Line 1 is neither NAME=value nor a comment")]);
    expect(out + err).not.toContain(TOKEN);
  });

  it("refuses a name that may mean not to write", async () => {
    writeFileSync(join(folder, ".env.sync"), `${OLD}HORDE_GITHUB_SYNC_NO_PRS=true\n`);
    const { code, stderr } = await migrate(".env.sync");
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/HORDE_GITHUB_SYNC_NO_PRS is not a setting .*Did you mean/),
    ]);
  });

  it("needs a file", async () => {
    const { code, stderr } = await migrate("none.env");
    expect([code, stderr]).toEqual([2, "none.env cannot be read: there is no such file or folder.\n"]);
    expect(existsSync(join(folder, "worker"))).toBe(false);
  });
});

it("a secrets file says what it was made of, as Node and dotenv read it", () => {
  const value = fc.oneof(
    fc.constant(PEM),
    fc.stringMatching(/^[\w.~+/:?=&#$%@!*()[\]{}|;,<> -]+$/),
    fc.stringMatching(/^[\w "\\]+$/),
    fc.stringMatching(/^[\w '#]+$/),
  );
  const secrets = fc.dictionary(fc.constantFrom(...SECRETS), value, { noNullPrototype: true });
  fc.assert(
    fc.property(secrets, (given) => {
      const text = renderSecretsFile({ secrets: given, vars: {}, notes: [], problems: [] });
      expect(parseEnv(text)).toEqual(given);
    }),
  );
});
