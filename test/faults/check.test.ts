/**
 * The check on a healthy deployment, and with each single thing broken: what is wrong is found, and nothing else.
 */
import { describe, expect, it } from "vitest";
import { CONDITIONS } from "../../sandbox/conditions.ts";
import { createKeys } from "../fakes/keys.ts";
import { drift } from "./scenarios.ts";
import { describeWorlds, type Settings, type World } from "./world.ts";

const createWorld = describeWorlds();
const { privateKey, publicKey } = createKeys();
/** Nothing was ever labeled. */
const UNPUBLISHED: Settings = { MIN_CHANGES_THRESHOLD: "99" };
let apps = 0;

/** A deployment with a GitHub App, on both repositories. */
async function deployed(settings: Settings = {}): Promise<World> {
  const id = String(7000 + ++apps);
  const world = await createWorld({
    GITHUB_TOKEN: "",
    GITHUB_APP_ID: id,
    GITHUB_APP_PRIVATE_KEY: privateKey,
    ...settings,
  });
  world.github.credentials.addApp({
    id,
    installationId: 7000 + apps,
    owner: world.image.split("/")[0] ?? "",
    publicKeyPem: publicKey,
    repositories: [world.image, world.text],
    permissions: { contents: "write", pull_requests: "write" },
  });
  drift(world, "First");
  await world.run("tick");
  return world;
}

/** What is not in order: `failed branch`. */
async function troubles(world: World): Promise<string[]> {
  const { items } = await world.check();
  for (const { message, result } of items) if (result !== "ok") expect(message, message).toMatch(/\. \S|: .{15}/);
  return [...new Set(items.filter(({ result }) => result !== "ok").map(({ result, name }) => `${result} ${name}`))];
}

it("of a healthy deployment tries everything, finds nothing, and writes nothing", async () => {
  const world = await deployed();
  world.calls();
  const report = await world.check();
  expect(report.items.filter(({ result }) => result !== "ok")).toEqual([]);
  expect(report.result).toBe("ok");
  expect([...new Set(report.items.map(({ name }) => name))].sort()).toEqual(
    [
      "PRIMARY",
      "branch",
      "credentials",
      "installation",
      "label",
      "repository",
      "reviewer",
      "rules",
      "state",
      "sync branch",
      "tick",
      "webhook",
    ].sort(),
  );
  expect(world.writes()).toEqual([]);
  await world.close();
});

it("asks with a token of its own, since one from before may tell what no longer holds", async () => {
  const world = await deployed();
  const tokens = new Map();
  await world.check(tokens);
  expect([...tokens]).toEqual([]);
  await world.close();
});

it("a repository that the App was taken off and given back to is published with the next run", async () => {
  const world = await deployed();
  const tokens = new Map();
  await world.run("reconcile", { tokens });
  const id = String(7000 + apps);
  const mints = () => world.github.requests.filter(({ path }) => path.endsWith("/access_tokens")).length;
  world.github.credentials.changeApp(id, { repositories: [world.text] });
  world.github.credentials.changeApp(id, { repositories: [world.image, world.text] });
  world.pass();
  const before = mints();
  drift(world, "Second");
  expect((await world.run("tick", { tokens }))?.repositories.map(({ outcome }) => outcome)).toContain("updated");
  expect(mints() - before).toBe(1);
  await world.close();
});

describe("finds that", () => {
  const condition = (name: string) => (world: World) => {
    CONDITIONS.find((one) => one.name === name)?.begin(world.github, world.image);
  };
  it.each<[string, Settings, (world: World) => void, readonly string[]]>([
    ["PRIMARY does not own the legacy format", {}, (world) => world.primary.setCanonical(false), ["failed PRIMARY"]],
    [
      "PRIMARY is down",
      {},
      (world) => world.primary.faults.add({ times: 9, action: { type: "drop-before" } }),
      ["failed PRIMARY"],
    ],
    ["the App is suspended", {}, condition("app-suspended"), ["failed installation"]],
    ["the App has another key", {}, condition("app-key-replaced"), ["failed installation"]],
    ["the App is not installed", {}, condition("app-not-installed"), ["failed installation"]],
    ["the App lacks a permission", {}, condition("app-without-pull-requests"), ["failed installation"]],
    ["the repository is archived", {}, condition("archived"), ["failed repository"]],
    ["the repository is blocked", {}, condition("blocked"), ["failed installation", "failed repository"]],
    ["the branch was renamed", {}, condition("base-renamed"), ["warning branch"]],
    [
      "the branch is another one",
      { GITHUB_BRANCH: "develop" },
      () => {},
      ["failed branch", "warning rules", "warning label"],
    ],
    ["the repository is empty", {}, condition("empty"), ["failed branch"]],
    ["the base branch is gone", {}, condition("base-missing"), ["failed branch"]],
    ["the base is protected", { PUBLISH: "commit" }, condition("protected"), ["warning rules"]],
    [
      "the sync branch is protected",
      {},
      (world) => world.github.setProtection(world.image, "sync/model-references", { reviews: 1 }),
      ["warning rules"],
    ],
    [
      "a branch is in the way",
      UNPUBLISHED,
      condition("branch-in-the-way"),
      ["failed sync branch", "warning rules", "warning label"],
    ],
    [
      "the Python service left branches",
      {},
      (world) => world.github.commit({ repository: world.image, branch: "sync/clip/20260101-000000", files: {} }),
      ["warning sync branch"],
    ],
    ["a rule holds for the sync branch", {}, condition("rule-creation"), ["warning rules"]],
    ["a rule holds for the base", { PUBLISH: "commit" }, condition("rule-pull-request"), ["warning rules"]],
    [
      "a label is not there, nor a branch whose protection could be seen",
      { ...UNPUBLISHED, PR_LABELS: "bug,no-such-label" },
      () => {},
      ["warning rules", "warning label"],
    ],
    ["the rate limit is used up", {}, condition("rate-limit"), ["failed installation"]],
    ["a reviewer is none", { PR_REVIEWERS: "alice,nobody" }, () => {}, ["warning reviewer"]],
    ["a team cannot be seen", { PR_AUTO_ASSIGN_TEAM: "crew" }, () => {}, ["warning team"]],
    ["there was no tick for an hour", {}, (world) => world.clock.advance(60 * 60_000), ["failed tick"]],
    [
      "the ticks of an hour ended early, as they do in a back-off",
      {},
      (world) => {
        const at = new Date(world.clock.now() - 60 * 60_000).toISOString();
        const kept = world.kv.values.get("state");
        const state = { ...JSON.parse(kept?.value ?? "{}"), lastCheckedAt: at };
        if (kept !== undefined) world.kv.values.set("state", { ...kept, value: JSON.stringify(state) });
      },
      [],
    ],
    ["there was none at all", {}, (world) => world.kv.values.clear(), ["warning tick"]],
    ["GitHub answers with pages", {}, condition("html"), ["failed installation"]],
  ])("%s", async (_what, settings, harm, expected) => {
    const world = await deployed(settings);
    try {
      harm(world);
      expect(await troubles(world)).toEqual(expected);
    } finally {
      world.github.faults.clear();
      await world.close();
    }
  });

  it.each(["html", "cut", "rate-limit", "secondary-limit", "server-error", "html-502", "empty-object"])(
    "GitHub is out of order (%s), and says what helps",
    async (name) => {
      const world = await createWorld();
      condition(name)(world);
      const { items } = await world.check();
      const told = items.filter(({ result }) => result === "failed").map(({ message }) => message);
      expect(told).not.toEqual([]);
      for (const message of told)
        expect(message).toMatch(/githubstatus\.com.*try again|^.*limit.* Wait until \S+Z, and try again\.$/);
      world.github.faults.clear();
      await world.close();
    },
  );

  it("a repository has no commit, and not that another branch is meant", async () => {
    const world = await createWorld();
    condition("empty")(world);
    const { items } = await world.check();
    const message = items.find(({ name, result }) => name === "branch" && result === "failed")?.message;
    expect(message).toBe("The repository is empty: make a first commit on main.");
    await world.close();
  });

  it("what the Python service left: its branches, and what is open of them", async () => {
    const world = await createWorld({ CATEGORIES_TO_SYNC: "clip" });
    const told = async () => (await world.check()).items.find(({ name }) => name === "sync branch")?.message;
    const leave = (branch: string) => world.github.commit({ repository: world.image, branch, files: { x: branch } });
    leave("sync/clip/20260101-000000");
    expect(await told()).toBe(
      "The Python service left the branch sync/clip/20260101-000000. Stop it, and delete the branches.",
    );
    for (const day of [2, 3, 4, 5, 6]) leave(`sync/multi-category/2026010${day}-000000`);
    const head = "sync/multi-category/20260102-000000";
    const number = world.github.openPullRequest({ repository: world.image, head, title: "Sync" });
    world.github.commit({ repository: world.image, branch: "mine", files: { x: "mine" } });
    world.github.openPullRequest({ repository: world.image, head: "mine", title: "A person's" });
    expect(await told()).toMatch(
      new RegExp(
        `left the 6 branches sync/clip/\\S+, .* and 1 more, and the open pull request #${number}\\. Stop it, close what is open`,
      ),
    );
    await world.close();
  });

  it("something is missing in which repository", async () => {
    const world = await createWorld({ PR_REVIEWERS: "nobody", PR_AUTO_ASSIGN_TEAM: "crew" });
    const { items } = await world.check();
    const subjects = items
      .filter(({ name }) => ["label", "reviewer", "team"].includes(name))
      .map((item) => `${item.name} ${item.subject}`);
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(subjects).toContain(`reviewer nobody in ${world.image}`);
    await world.close();
  });

  it("what a fine-grained token may do cannot be asked, and that a repository was renamed", async () => {
    const world = await createWorld({ CATEGORIES_TO_SYNC: "image_generation" });
    drift(world, "First");
    await world.run("tick");
    const messageOf = async () => (await world.check()).items.find(({ result }) => result !== "ok")?.message;
    expect(await troubles(world)).toEqual(["warning repository"]);
    expect(await messageOf()).toMatch(/fine-grained token may do beyond that cannot be asked/);
    condition("renamed")(world);
    expect(await messageOf()).toMatch(/is called \S+-renamed now/);
    await world.close();
  });
});
