/**
 * Every way in which the sandbox's GitHub can be unkind, with pull requests and with straight commits: what a run makes
 * of it, and what it tells an operator to do.
 *
 * `docs/github-states.md` is made of the rows: `UPDATE_DOCS=1 npx vitest run --project faults test/faults/github-states.test.ts`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { CONDITIONS } from "../../sandbox/conditions.ts";
import { CATALOGUE } from "../../src/github/catalogue.ts";
import { createKeys } from "../fakes/keys.ts";
import { RECORD } from "./scenarios.ts";
import { describeWorlds, type World } from "./world.ts";

const createWorld = describeWorlds();
const DOCUMENT = new URL("../../docs/github-states.md", import.meta.url);
const MODES = ["pull-request", "commit"] as const;
type Mode = (typeof MODES)[number];

/** With pull requests, and with straight commits, where that differs: an outcome, or the code of what failed. */
const EXPECTED: Readonly<Record<string, readonly [pullRequest: string, commit?: string]>> = {
  renamed: ["created", "committed"],
  transferred: ["created", "committed"],
  "base-renamed": ["created", "committed"],
  "base-missing": ["github-not-found"],
  empty: ["github-not-found"],
  archived: ["github-rejected"],
  blocked: ["github-rejected"],
  "auto-delete": ["created", "committed"],
  "merge-queue": ["created", "committed"],
  protected: ["created", "github-rejected"],
  "labels-forbidden": ["created", "committed"],
  "team-invisible": ["created", "committed"],
  "branch-in-the-way": ["github-rejected", "committed"],
  "rule-pull-request": ["created", "github-rejected"],
  "rule-creation": ["github-rejected", "committed"],
  "rule-update": ["created", "committed"],
  "rule-deletion": ["created", "committed"],
  "rule-signatures": ["github-rejected"],
  "lag-heads": ["created", "committed"],
  "lag-everything": ["created", "committed"],
  "file-is-link": ["legacy-malformed"],
  "file-is-submodule": ["legacy-malformed"],
  "file-is-executable": ["created", "committed"],
  "file-is-lfs": ["legacy-malformed"],
  "file-is-broken": ["legacy-malformed"],
  "file-is-missing": ["created", "committed"],
  "file-is-folder": ["legacy-malformed"],
  "token-revoked": ["github-unauthorized"],
  "app-suspended": ["github-unauthorized"],
  "app-key-replaced": ["github-unauthorized"],
  "app-not-installed": ["github-not-found"],
  "app-without-pull-requests": ["github-rejected"],
  "clock-ahead": ["created", "committed"],
  sso: ["github-unauthorized"],
  "ip-allow-list": ["github-unauthorized"],
  "classic-tokens-forbidden": ["github-unauthorized"],
  "token-lifetime": ["github-unauthorized"],
  html: ["github-unavailable"],
  "html-502": ["github-unavailable"],
  "half-json": ["github-unavailable"],
  "empty-object": ["github-unavailable"],
  cut: ["github-unavailable"],
  trickle: ["github-unavailable"],
  "server-error": ["github-unavailable"],
  unavailable: ["github-unavailable"],
  "not-found": ["github-not-found"],
  "too-large": ["github-rejected"],
  hang: ["github-unavailable"],
  "rate-limit": ["rate-limited"],
  "secondary-limit": ["rate-limited"],
  abuse: ["rate-limited"],
};

/** Those that are about an App ask for one, those about other kinds of tokens for such a token. */
const settingsFor = (name: string) =>
  name.startsWith("app-") || name === "clock-ahead"
    ? "app"
    : name === "classic-tokens-forbidden"
      ? "classic"
      : "fine-grained";

const { privateKey, publicKey } = createKeys();
const CLASSIC = "ghp_classic0000000000000000000000000000";
let apps = 0;

async function worldFor(name: string, mode: Mode): Promise<World> {
  const kind = settingsFor(name);
  const appId = String(9000 + ++apps);
  const auth: Record<string, string> =
    kind === "app"
      ? { GITHUB_TOKEN: "", GITHUB_APP_ID: appId, GITHUB_APP_PRIVATE_KEY: privateKey }
      : kind === "classic"
        ? { GITHUB_TOKEN: CLASSIC }
        : {};
  const world = await createWorld({ CATEGORIES_TO_SYNC: "image_generation", PUBLISH: mode, ...auth });
  if (kind === "app") {
    world.github.credentials.addApp({
      id: appId,
      installationId: 9000 + apps,
      owner: world.image.split("/")[0] ?? "",
      publicKeyPem: publicKey,
      repositories: [world.image, world.text],
      permissions: { contents: "write", pull_requests: "write" },
    });
  }
  if (kind === "classic") world.github.credentials.addToken({ token: CLASSIC, scopes: ["repo"] });
  return world;
}

const rows: string[] = [];

describe.each(CONDITIONS)("$name", ({ name, title, begin }) => {
  it.each(MODES)("with %s", async (mode) => {
    const world = await worldFor(name, mode);
    expect((await world.run("tick"))?.outcome, "before").toBe("in-sync");
    world.primary.putRecord("image_generation", "First", RECORD);
    world.clock.advance(60_000);
    world.calls();
    const undo = begin(world.github, world.image);
    const report = await world.run("tick", { timeoutMs: 1000 });
    undo();
    const repository = report?.repositories[0];
    const error = repository?.error ?? repository?.categories.image_generation?.failed ?? report?.error;
    const writes = world.writes();
    const found = error?.code ?? repository?.outcome ?? "nothing";
    const told = [error?.message ?? "", ...(report?.warnings ?? [])].filter((text) => text !== "").join(" ");
    rows.push(`| ${title} | ${mode} | ${found} | ${tidy(told, world)} | ${writes.length} |`);
    const [pullRequest, commit = pullRequest] = EXPECTED[name] ?? ["(not in the table)"];
    expect(found, told).toBe(mode === "commit" ? commit : pullRequest);
    if (error !== undefined) {
      if (error.code !== "github-unavailable")
        expect(error.message, "it says more than a status").toMatch(/\. \S|; |: .{20}/);
      expect(error.message).not.toMatch(/<html|<!DOCTYPE/i);
      // A refusal is not asked for again and again.
      expect(writes.length, "writes").toBeLessThanOrEqual(4);
    }
    await world.close();
  });
});

/** Without what differs from run to run. */
function tidy(text: string, world: World): string {
  const [owner = ""] = world.image.split("/");
  return text
    .replaceAll(new RegExp(`\\b${owner}\\b`, "g"), "owner")
    .replaceAll(/127\.0\.0\.1:\d+/g, "github.test")
    .replaceAll(/\b[0-9a-f]{40}\b/g, "<sha>")
    .replaceAll(/`/g, "")
    .replaceAll("|", "\\|")
    .replaceAll(
      /GET \/repos\/owner\/image\/(branches\/main|git\/matching-refs\/heads\/sync|pulls)/g,
      "GET /repos/owner/image/…",
    )
    .replaceAll(/installations\/\d+/g, "installations/1");
}

afterAll(() => {
  console.log(`GitHub's states: ${CONDITIONS.length} conditions, ${rows.length} rows.`);
  if (rows.length < 2 * CONDITIONS.length) return;
  const text = document();
  if (process.env["UPDATE_DOCS"] === "1") writeFileSync(DOCUMENT, text);
  else expect(text, "docs/github-states.md; see the head of this file").toBe(readFileSync(DOCUMENT, "utf8"));
});

function document(): string {
  const entries = CATALOGUE.map(({ name, statuses, words, header, code, cure }) => {
    const by = [
      words === undefined ? "" : `words such as \`${words.source.split("|")[0]}\``,
      header === undefined ? "" : `header \`${header}\``,
    ];
    return `| ${name} | ${statuses.join(", ")} | ${by.filter((part) => part !== "").join(", ")} | ${code} | ${cure} |`;
  });
  return [
    "# GitHub's refusals, and what helps",
    "",
    "Made by a test; see `test/faults/github-states.test.ts`.",
    "",
    "## The catalogue",
    "",
    "The first row that fits counts; `%s` stands for what the header, or GitHub's words, name.",
    "",
    "| refusal | status | told by | code | what to do |",
    "| --- | --- | --- | --- | --- |",
    ...entries,
    "",
    "## What a run makes of each state",
    "",
    "Tried against the sandbox's GitHub: one changed record, with pull requests and with straight commits.",
    "",
    "| state | publishing by | outcome or code | what is told | writes |",
    "| --- | --- | --- | --- | ---: |",
    ...rows.sort(),
    "",
  ].join("\n");
}
