import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CONDITIONS } from "../../sandbox/conditions.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import {
  API,
  type AppKeys,
  ask,
  createAppKeys,
  openPull,
  pushBranch,
  REPOSITORY,
  startWithRepository,
} from "./support.ts";

const BRANCH = "sync/model-references";
const FINE = "github_pat_fine";
let sandbox: Sandbox;
let keys: AppKeys;

beforeEach(async () => {
  sandbox = await startWithRepository();
  keys = createAppKeys(5);
  const permissions = { contents: "write", pull_requests: "write" } as const;
  sandbox.github.credentials.addToken({ token: FINE, permissions });
  sandbox.github.credentials.addApp({
    id: 5,
    publicKeyPem: keys.publicKeyPem,
    installationId: 77,
    owner: "octo-org",
    permissions,
    repositories: ["models"],
  });
});

afterEach(() => sandbox.close());

/** What a service would do, each with what it is told: a status and words, or that nothing readable came. */
const PROBES = {
  read: () => tell(ask(sandbox, `${API}/branches/main`, { token: FINE })),
  classic: () => tell(ask(sandbox, `${API}/branches/main`)),
  mint: () =>
    tell(
      ask(sandbox, "/app/installations/77/access_tokens", {
        method: "POST",
        token: keys.jwt(),
        body: { repositories: ["models"], permissions: { contents: "write", pull_requests: "write" } },
      }),
    ),
  create: () => tell(createRef()),
  move: async () => {
    await createRef();
    const sha = sandbox.github.branches(REPOSITORY)["main"];
    return tell(ask(sandbox, `${API}/git/refs/heads/${BRANCH}`, { method: "PATCH", body: { sha }, token: FINE }));
  },
  moveBase: async () => {
    const sha = sandbox.github.branches(REPOSITORY)[sandbox.github.defaultBranch(REPOSITORY)];
    return tell(ask(sandbox, `${API}/git/refs/heads/main`, { method: "PATCH", body: { sha }, token: FINE }));
  },
  remove: async () => {
    await createRef();
    return tell(ask(sandbox, `${API}/git/refs/heads/${BRANCH}`, { method: "DELETE", token: FINE }));
  },
  unsigned: async () => {
    const { sha, tree } = (await ask(sandbox, `${API}/git/commits/${sandbox.github.branches(REPOSITORY)["main"]}`))
      .json;
    const body = { message: "m", tree: Object(tree).sha, parents: [sha], author: { name: "X", email: "x@y.z" } };
    const commit = (await ask(sandbox, `${API}/git/commits`, { method: "POST", body })).json["sha"];
    return tell(ask(sandbox, `${API}/git/refs/heads/main`, { method: "PATCH", body: { sha: commit }, token: FINE }));
  },
  blob: () => tell(ask(sandbox, `${API}/git/blobs`, { method: "POST", body: { content: "x" } })),
  label: async () => {
    await openSync();
    return tell(ask(sandbox, `${API}/issues/1/labels`, { method: "POST", body: { labels: ["new"] } }));
  },
  team: async () => {
    await openSync();
    sandbox.github.credentials.setTeams(["reviewers"]);
    const body = { team_reviewers: ["reviewers"] };
    return tell(ask(sandbox, `${API}/pulls/1/requested_reviewers`, { method: "POST", body }));
  },
  file: async () => {
    const { tree } = (await ask(sandbox, `${API}/git/trees/main`)).json;
    const entry = (Array.isArray(tree) ? tree : []).find(({ path }) => path === "a.json");
    return entry === undefined ? "none" : `${entry.mode} ${entry.type}`;
  },
  text: async () => (await ask(sandbox, `${API}/contents/a.json`, { headers: { accept: RAW } })).text,
  listed: async () => {
    await openSync();
    const next = sandbox.github.commit({ repository: REPOSITORY, branch: BRANCH, files: { "b.json": "1\n" } });
    const { list } = await ask(sandbox, `${API}/pulls`);
    return list.length === 0 ? "no pull request" : `${JSON.stringify(list).includes(next) ? "new" : "old"} head`;
  },
  merged: async () => {
    await pushBranch(sandbox, BRANCH, { "a.json": "{}\n" });
    sandbox.github.openPullRequest({ repository: REPOSITORY, head: BRANCH, title: "T" });
    sandbox.github.mergePullRequest({ repository: REPOSITORY, number: 1 });
    return Object.keys(sandbox.github.branches(REPOSITORY)).join();
  },
};

const RAW = "application/vnd.github.raw";

async function openSync(): Promise<void> {
  await pushBranch(sandbox, BRANCH, { "a.json": "{}\n" });
  await openPull(sandbox, BRANCH);
}

function createRef() {
  const sha = sandbox.github.branches(REPOSITORY)["main"];
  return ask(sandbox, `${API}/git/refs`, { method: "POST", body: { ref: `refs/heads/${BRANCH}`, sha }, token: FINE });
}

async function tell(reply: ReturnType<typeof ask>): Promise<string> {
  try {
    const { status, json, text } = await reply;
    const words = json["message"] ?? (Object.keys(json).length > 0 ? "" : text.slice(0, 40));
    return `${status} ${String(words)}`.trim();
  } catch (error) {
    return error instanceof Error ? error.name : "?";
  }
}

type Probe = keyof typeof PROBES;

const TABLE: readonly [condition: string, probe: Probe, told: RegExp][] = [
  ["renamed", "mint", /^422 There is at least one repository/],
  ["transferred", "mint", /^422 There is at least one repository/],
  ["base-renamed", "moveBase", /^422 Reference does not exist/],
  ["base-missing", "read", /^404 Branch not found/],
  ["empty", "create", /^409 Git Repository is empty/],
  ["archived", "create", /^403 Repository was archived/],
  ["blocked", "read", /^451 Repository access blocked/],
  ["auto-delete", "merged", /^main$/],
  ["merge-queue", "move", /^422 A pull request for this branch/],
  ["protected", "moveBase", /^422 At least 1 approving review/],
  ["labels-forbidden", "label", /^403 You do not have permission to create labels/],
  ["team-invisible", "team", /^422 Could not resolve to a node/],
  ["branch-in-the-way", "create", /^422 Reference update failed/],
  ["rule-pull-request", "moveBase", /^422 Repository rule violations found/],
  ["rule-creation", "create", /^422 Reference update failed/],
  ["rule-update", "move", /^422 Repository rule violations found/],
  ["rule-deletion", "remove", /^422 Repository rule violations found/],
  ["rule-signatures", "unsigned", /^422 Repository rule violations found\n\nCommits must have verified/],
  ["lag-heads", "listed", /^old head$/],
  ["lag-everything", "listed", /^no pull request$/],
  ["file-is-link", "file", /^120000 blob$/],
  ["file-is-submodule", "file", /^160000 commit$/],
  ["file-is-executable", "file", /^100755 blob$/],
  ["file-is-folder", "file", /^040000 tree$/],
  ["file-is-missing", "file", /^none$/],
  ["file-is-lfs", "text", /^version https:\/\/git-lfs/],
  ["file-is-broken", "text", /^\{"a"$/],
  ["token-revoked", "read", /^401 Bad credentials/],
  ["app-suspended", "mint", /^403 This installation has been suspended/],
  ["app-key-replaced", "mint", /^401 A JSON web token could not be decoded/],
  ["app-not-installed", "mint", /^422 There is at least one repository/],
  ["app-without-pull-requests", "mint", /^422 The permissions requested are not granted/],
  ["clock-ahead", "mint", /^401 'Expiration time' claim/],
  ["sso", "read", /^403 Resource protected by organization SAML/],
  ["ip-allow-list", "read", /^403 Although you appear/],
  ["classic-tokens-forbidden", "classic", /^403 `octo-org` forbids access/],
  ["token-lifetime", "read", /^403 The 'octo-org' organization forbids/],
  ["html", "read", /^200 <!DOCTYPE html>/],
  ["html-502", "read", /^502 <!DOCTYPE html>/],
  ["half-json", "read", /^SyntaxError$/],
  ["empty-object", "read", /^200 \{\}$/],
  ["cut", "read", /^TypeError$/],
  ["trickle", "read", /^200$/],
  ["server-error", "read", /^500 Server Error/],
  ["unavailable", "read", /^503 Service unavailable/],
  ["not-found", "read", /^404 Not Found/],
  ["too-large", "blob", /^422 Sorry, your input was too large/],
  ["hang", "read", /^TimeoutError$/],
  ["rate-limit", "read", /^403 API rate limit exceeded/],
  ["secondary-limit", "read", /^403 You have exceeded a secondary rate limit/],
  ["abuse", "read", /^403 You have triggered an abuse detection mechanism/],
];

test("the table has every condition", () => {
  expect(TABLE.map(([name]) => name).sort()).toEqual(CONDITIONS.map(({ name }) => name).sort());
});

describe("a condition", () => {
  test.each(TABLE.filter(([name]) => name !== "hang" && name !== "trickle"))(
    "%s is met by %s, and can be taken back",
    async (name, probe, told) => {
      sandbox.conditions.begin(name, REPOSITORY);
      expect(sandbox.conditions.active()).toMatchObject([{ name, repository: REPOSITORY }]);
      expect(await PROBES[probe]()).toMatch(told);
      sandbox.conditions.end(name, REPOSITORY);
      expect(sandbox.conditions.active()).toEqual([]);
      expect(sandbox.github.faults.list()).toEqual([]);
      expect(sandbox.github.branches(REPOSITORY)["main"]).toBeDefined();
      expect(await PROBES.read()).toBe("200");
      expect(await PROBES.classic()).toBe("200");
      expect(await PROBES.mint()).toBe("201");
      expect(await PROBES.file()).toBe("100644 blob");
      expect(await sandbox.github.fsck(REPOSITORY)).toBe("");
    },
  );

  test("hang never answers, and trickle takes its time", async () => {
    sandbox.conditions.begin("hang", REPOSITORY);
    const url = `${sandbox.github.url}${API}`;
    const headers = { "user-agent": "a-test" };
    await expect(fetch(url, { headers, signal: AbortSignal.timeout(100) })).rejects.toThrow("aborted");
    sandbox.conditions.clear();
    sandbox.conditions.begin("trickle", REPOSITORY);
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(400) });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow("aborted");
  });

  test("that is not known, or not so, or so already, is an error that says it", () => {
    expect(() => sandbox.conditions.begin("weather", REPOSITORY)).toThrow(/^the conditions are renamed, /);
    expect(() => sandbox.conditions.end("archived", REPOSITORY)).toThrow("archived is not so for octo-org/models");
    sandbox.conditions.begin("archived", REPOSITORY);
    expect(() => sandbox.conditions.begin("archived", REPOSITORY)).toThrow("archived is already so");
  });

  test("and another end together, the newest first", async () => {
    sandbox.conditions.begin("renamed", REPOSITORY);
    sandbox.conditions.begin("archived", `${REPOSITORY}-renamed`);
    sandbox.conditions.begin("rule-update", `${REPOSITORY}-renamed`);
    sandbox.conditions.begin("rule-deletion", `${REPOSITORY}-renamed`);
    expect((await ask(sandbox, `/repos/${REPOSITORY}-renamed/rules/branches/sync/x`)).list).toHaveLength(2);
    sandbox.conditions.end("rule-update", `${REPOSITORY}-renamed`);
    expect((await ask(sandbox, `/repos/${REPOSITORY}-renamed/rules/branches/sync/x`)).list).toHaveLength(1);
    sandbox.conditions.clear();
    expect((await ask(sandbox, API)).json).toMatchObject({ full_name: REPOSITORY, archived: false });
  });
});

test("time passes for both servers", async () => {
  const before = sandbox.now();
  sandbox.advance(3_600_000);
  sandbox.primary.setCategory("clip", "{}");
  expect(sandbox.now() - before).toBeGreaterThanOrEqual(3_600_000);
  expect((sandbox.primary.lastUpdated ?? 0) * 1000).toBeGreaterThanOrEqual(before + 3_599_000);
  const date = Date.parse((await ask(sandbox, API)).headers.get("date") ?? "");
  expect(date).toBeGreaterThanOrEqual(before + 3_599_000);
});
