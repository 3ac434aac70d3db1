/**
 * Who we are to GitHub: a token or an App, as people paste them, right and wrong.
 */
import { createPrivateKey } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createKeys } from "../fakes/keys.ts";
import { RECORD, TOKEN } from "../world/ground.ts";
import { describeWorlds, IMAGE, isWrite, TEXT, type World } from "./world.ts";

const createWorld = describeWorlds();
const { privateKey, publicKey } = createKeys();
const pkcs8 = createPrivateKey(privateKey).export({ type: "pkcs8", format: "pem" }).toString();

const asApp = (vars: Record<string, string | null> = {}) => ({
  isIsolated: true,
  vars: { HORDE_GITHUB_SYNC_GITHUB_TOKEN: null, GITHUB_APP_ID: "4711", GITHUB_APP_PRIVATE_KEY: privateKey, ...vars },
});

function install(world: World, repositories = [IMAGE, TEXT]): void {
  world.sandbox.github.credentials.addApp({
    id: "4711",
    publicKeyPem: publicKey,
    installationId: 99,
    owner: "haidra",
    permissions: { contents: "write", pull_requests: "write" },
    repositories,
  });
}

describe("a GitHub App", () => {
  test.each([
    ["PKCS#1, as GitHub hands it out", privateKey],
    ["PKCS#8", pkcs8],
    ["PKCS#1 with \\n for newlines", privateKey.replaceAll("\n", "\\n")],
    ["PKCS#8 with \\n for newlines", pkcs8.replaceAll("\n", "\\n")],
    ["PKCS#1 with CRLF", privateKey.replaceAll("\n", "\r\n")],
  ])("with its key in %s publishes with one token call, and the commit is signed", async (_, key) => {
    const world = await createWorld(asApp({ GITHUB_APP_PRIVATE_KEY: key, GITHUB_APP_INSTALLATION_ID: "99" }));
    install(world);
    world.sandbox.primary.putRecord("esrgan", "First", RECORD);
    expect((await world.sync()).report.outcome).toBe("published");
    const calls = world.githubCalls();
    // The replica, which is warmed when the run has done its work, has tokens of its own that may only read.
    const own = calls.slice(
      0,
      calls.findLastIndex((call) => call.includes("/labels")),
    );
    expect(own.filter((call) => call.includes("/app/"))).toEqual(["POST /app/installations/99/access_tokens"]);
    const answer = await fetch(`${world.sandbox.github.url}/repos/${IMAGE}/commits/sync%2Fmodel-references`, {
      headers: { "user-agent": "test", authorization: `Bearer ${TOKEN}` },
    });
    expect(JSON.parse(await answer.text()).commit.verification.verified).toBe(true);
  });

  test("without an installation id has it looked up, and keeps its token for the next run", async () => {
    const world = await createWorld(asApp());
    install(world);
    await world.tick();
    expect(world.githubCalls().slice(0, 2)).toEqual(["GET /installation", "POST /app/installations/99/access_tokens"]);
    await world.reconcile(1);
    expect(world.githubCalls().filter((call) => call.includes("/app/"))).toEqual([]);
  });

  test("waits and asks once more when its new token is not known yet", async () => {
    const world = await createWorld(asApp());
    install(world);
    world.sandbox.github.credentials.setFreshTokenFailures(1);
    expect(await world.tick()).toBe("ok");
  });

  test("mints another token before the old one expires", async () => {
    const world = await createWorld(asApp());
    world.sandbox.github.credentials.setInstallationTokenLifetimeMs(4 * 60_000);
    install(world);
    await world.tick();
    world.githubCalls();
    await world.reconcile(1);
    expect(world.githubCalls().filter((call) => call.includes("/access_tokens"))).not.toEqual([]);
  });

  test.each<[string, Record<string, string>, (world: World) => void, string, RegExp]>([
    [
      "with another App's key",
      {
        GITHUB_APP_PRIVATE_KEY: createKeys().privateKey,
      },
      install,
      "github-unauthorized",
      /belong together/,
    ],
    ["that is installed nowhere", {}, (world) => install(world, []), "github-not-found", /installed on the repository/],
    [
      "with a wrong installation id",
      { GITHUB_APP_INSTALLATION_ID: "5" },
      install,
      "github-not-found",
      /GITHUB_APP_INSTALLATION_ID/,
    ],
  ])("%s says so, and shows no key", async (_, vars, prepare, code, says) => {
    const world = await createWorld(asApp(vars));
    prepare(world);
    const { status, report } = await world.sync();
    expect(status).toBe(502);
    expect(report.repositories[0]?.error?.code).toBe(code);
    expect(report.repositories[0]?.error?.message).toMatch(says);
    expect(JSON.stringify(report) + world.logs().join()).not.toContain("PRIVATE KEY-----");
  });

  test("with a damaged key is misconfigured, and shows no key", async () => {
    const world = await createWorld(asApp({ GITHUB_APP_PRIVATE_KEY: privateKey.replace(/\n.{10}/, "\n!!!!!!!!!!") }));
    install(world);
    const { status, problems } = { ...(await world.sync()), problems: (await world.status()).problems };
    expect([status, problems.join()]).toEqual([503, expect.stringContaining("GITHUB_APP_PRIVATE_KEY")]);
    expect(problems.join() + world.logs().join()).not.toContain("PRIVATE KEY-----");
  });

  test("that is installed on one of two repositories syncs that one, and says what the other lacks", async () => {
    const world = await createWorld(asApp({ GITHUB_APP_INSTALLATION_ID: "99" }));
    install(world, [TEXT]);
    const { status, report } = await world.sync();
    expect([status, report.outcome]).toEqual([200, "partial"]);
    expect(report.repositories.map(({ outcome }) => outcome)).toEqual(["failed", "in-sync"]);
    expect(report.repositories[0]?.error?.message).toMatch(/must be installed on these repositories/);
  });
});

describe("a token", () => {
  test("that is wrong says so, writes nothing and appears nowhere", async () => {
    const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_GITHUB_TOKEN: "ghp_wrong" } });
    const { status, report } = await world.sync();
    expect(status).toBe(502);
    expect(report.repositories[0]?.error).toMatchObject({ code: "github-unauthorized" });
    expect(report.repositories[0]?.error?.message).toMatch(
      /GitHub answered 401 to GET \/repos\/haidra\/image-reference\/branches\/main: Bad credentials/,
    );
    expect(world.githubCalls().filter(isWrite)).toEqual([]);
    expect(JSON.stringify([report, await world.stored(), await world.status(), world.logs()])).not.toContain(
      "ghp_wrong",
    );
  });

  test("that may only read fails at its first write and names it", async () => {
    const world = await createWorld({ isIsolated: true, vars: { HORDE_GITHUB_SYNC_GITHUB_TOKEN: "ghp_reader" } });
    world.sandbox.github.credentials.addToken({
      token: "ghp_reader",
      permissions: { contents: "read", pull_requests: "read" },
    });
    world.sandbox.primary.putRecord("esrgan", "First", RECORD);
    const { report } = await world.sync();
    expect(report.outcome).toBe("partial");
    expect(report.repositories[0]?.error?.message).toMatch(/403 to POST \/repos\/haidra\/image-reference\/git\/trees/);
  });

  test("that does not reach the repository is told from an outage", async () => {
    const world = await createWorld({ vars: { HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO: "haidra/no-such" } });
    const { report } = await world.sync();
    expect(report.outcome).toBe("partial");
    expect(report.repositories[0]?.error).toMatchObject({ code: "github-not-found" });
    expect(report.repositories[0]?.error?.message).toMatch(
      /haidra\/no-such.*(does not exist, or the credentials may not see it|Check the repository's name)/,
    );
  });
});
