/**
 * The one table of words: each state of the service, of a repository and of a category, as the page, the text, the
 * badge, the health and JSON tell it. What is true of none of them must not be said.
 */
import { describe, expect, it } from "vitest";
import { REPOSITORY_OUTCOMES, type Report, type RepositoryOutcome, RUN_OUTCOMES } from "../../src/contract/report.ts";
import { runWording } from "../../src/present/run-wording.ts";
import { OUTCOMES, SERVICE_STATES, type ServiceState } from "../../src/present/wording.ts";
import type { SyncState } from "../../src/state/store.ts";
import { START } from "../fakes/clock.ts";
import { report, repositoryReport } from "../fakes/report.ts";
import { type AnswerAppOptions, BEARER, CHROME, createAnswerApp } from "../http/answer-app.ts";

const ago = (minutes: number) => new Date(START - minutes * 60_000).toISOString();
const pullRequest = { number: 42, url: "https://github.test/haidra/image/pull/42" };
const clip = { added: ["New"], removed: [], modified: [], warnings: [] };
const held = { ...clip, held: "It would remove 6 of 12 records." };
const failed = {
  added: [],
  removed: [],
  modified: [],
  failed: { code: "internal", message: "A bug." },
  warnings: [],
} as const;
const error = { code: "github-unauthorized", message: "GitHub answered 403." } as const;
const CATEGORIES_TO_SYNC = "clip,blip";

/** All that anybody can see of a state. */
async function tell(options: AnswerAppOptions) {
  const settings = { CATEGORIES_TO_SYNC, ...options.settings };
  const { request } = await createAnswerApp({ ...options, settings });
  const get = async (path: string, accept = "application/json") =>
    (await request(path, { headers: { ...BEARER, accept } })).text();
  const plain = (text: string) => text.replace(/\s+/g, " ");
  const html = (await get("/", CHROME)).replace(/<style>[^<]*<\/style>/, "");
  return {
    page: plain(html.replace(/<[^>]+>/g, " ").replaceAll("&#39;", "'")),
    text: plain(await get("/", "text/plain")),
    badge: JSON.parse(await get("/badge.json")),
    health: JSON.parse(await get("/healthz")),
    json: JSON.parse(await get("/status")),
  };
}

const stateOf = (more: Partial<SyncState>): Partial<SyncState> => ({
  lastUpdated: START / 1000 - 7200,
  lastCheckedAt: ago(1),
  lastSuccessAt: ago(1),
  heartbeatAt: ago(1),
  ...more,
});

interface ServiceCase extends AnswerAppOptions {
  readonly kind: ServiceState;
  readonly badgeSays: string;
  readonly reasons: readonly string[] | null;
}

const SERVICE_CASES: readonly ServiceCase[] = [
  { kind: "unknown", badgeSays: "unknown", reasons: null },
  { kind: "in-sync", state: stateOf({ repositories: [repositoryReport()] }), badgeSays: "in sync", reasons: null },
  {
    kind: "pending",
    state: stateOf({ repositories: [repositoryReport({ outcome: "current", pullRequest, categories: { clip } })] }),
    badgeSays: "1 pull request",
    reasons: null,
  },
  {
    kind: "failing",
    state: stateOf({ consecutiveErrors: 1, failingSince: ago(1), lastError: error }),
    badgeSays: "failing",
    reasons: ["failing"],
  },
  {
    kind: "degraded",
    state: stateOf({ consecutiveErrors: 12, failingSince: ago(90), lastError: error }),
    badgeSays: "degraded",
    reasons: ["failing", "degraded"],
  },
  { kind: "misconfigured", problems: ["X must be Y."], badgeSays: "misconfigured", reasons: ["misconfigured"] },
];

describe("the service", () => {
  it("has a case for each of its states", () => {
    expect(SERVICE_CASES.map(({ kind }) => kind).sort()).toEqual(Object.keys(SERVICE_STATES).sort());
  });

  it.each(SERVICE_CASES)("$kind is told alike everywhere", async ({ kind, badgeSays, reasons, ...options }) => {
    const { page, text, badge, health, json } = await tell(options);
    const { label, meaning } = SERVICE_STATES[kind];
    for (const told of [page, text]) {
      expect(told).toContain(label);
      expect(told).toContain(meaning);
      expect(told).not.toContain("very change is in a pull request");
    }
    expect([json.state, badge.message]).toEqual([kind, badgeSays]);
    expect(health.reasons ?? null).toEqual(reasons);
    expect(badge.isError ?? false).toBe(SERVICE_STATES[kind].tone === "bad");
  });

  it("while misconfigured shows the names of what is set, and no value", async () => {
    const given = ["GITHUB_APP_ID", "HORDE_GITHUB_SYNC_GITHUB_TOKEN"];
    const { page, text, json } = await tell({ problems: ["X must be Y."], given });
    for (const name of given) for (const told of [page, text]) expect(told).toContain(name);
    expect(json.given).toEqual(given);
  });

  it("says at the top that nothing is written, and by which setting", async () => {
    for (const name of ["DRY_RUN", "NO_PR"]) {
      const { page, text } = await tell({
        settings: { [name]: "true" },
        state: stateOf({ repositories: [repositoryReport()] }),
      });
      for (const told of [page, text])
        expect(told).toContain(`Nothing is written to GitHub, whoever asks: HORDE_GITHUB_SYNC_${name} is set.`);
    }
    expect((await tell({})).page).not.toContain("Nothing is written");
  });

  it("does not wait for a run that will not be recorded, nor for a tick that will not come", async () => {
    const dry = await tell({ settings: { DRY_RUN: "true" } });
    for (const told of [dry.page, dry.text]) {
      expect(told).toContain("No run has been recorded, because dry runs are not.");
      expect(told).not.toContain("Wait for the first tick");
    }
    const off = await tell({ settings: { WATCH_MODE: "false" } });
    expect(off.text).not.toContain("Wait for the first tick");
    const paused = await tell({ paused: { since: ago(5), reason: "" } });
    expect([paused.text.includes("Wait for the first tick"), paused.badge.message]).toEqual([false, "paused"]);
    for (const told of [paused.page, paused.text]) {
      expect(told).toContain("none, while it is paused");
      expect(told).not.toContain("within a minute");
    }
  });

  it.each([
    [-30, "4900 of 5000 requests left this hour"],
    [180, "4900 of 5000 requests were left in the hour that ended 3 hours ago"],
  ])("tells requests of the hour that they are of (%d minutes ago)", async (minutes, says) => {
    const rateLimit = { remaining: 4900, limit: 5000, resetAt: ago(minutes) };
    const { page, text } = await tell({ state: stateOf({ repositories: [repositoryReport()], rateLimit }) });
    for (const told of [page, text]) expect(told).toContain(says);
  });

  it("speaks of commits where there are no pull requests", async () => {
    const committed = repositoryReport({ outcome: "committed", commit: "c".repeat(40), categories: { clip } });
    const { page, text, json, badge } = await tell({
      settings: { PUBLISH: "commit" },
      state: stateOf({ repositories: [committed] }),
    });
    for (const told of [page, text]) {
      expect(told).toMatch(/Publishes by commit to the base branch/i);
      expect(told).not.toMatch(/pull request/i);
    }
    expect([json.state, badge.message]).toEqual(["in-sync", "in sync"]);
  });
});

/** What a repository with each outcome has beside it. */
const WITH: Readonly<Record<RepositoryOutcome, object>> = {
  "in-sync": {},
  created: { pullRequest, categories: { clip } },
  updated: { pullRequest, categories: { clip } },
  current: { pullRequest, categories: { clip } },
  closed: { pullRequest },
  committed: { categories: { clip } },
  planned: { categories: { clip } },
  "below-threshold": { categories: { clip } },
  held: { categories: { clip: held } },
  edited: { pullRequest, categories: { clip } },
  rejected: { pullRequest, categories: { clip } },
  conflict: { error: { code: "conflict", message: "Gave up." } },
  failed: { error },
};

describe("a repository", () => {
  it.each(REPOSITORY_OUTCOMES)("%s is told alike everywhere, and its categories with it", async (outcome) => {
    const { page, text, json } = await tell({
      state: stateOf({ repositories: [repositoryReport({ outcome, ...WITH[outcome] })] }),
    });
    const { label, meaning, todo } = OUTCOMES[outcome];
    for (const told of [page, text]) {
      expect(told).toContain(label);
      expect(told).toContain(meaning);
      if (todo !== null) expect(told).toContain(todo);
    }
    const isUnknown = outcome === "failed" || outcome === "conflict";
    const states = json.categories.map(({ state }: { state: string }) => state);
    const first = "categories" in WITH[outcome] ? outcome : isUnknown ? "unchecked" : "in-sync";
    expect(states).toEqual([isUnknown ? "unchecked" : "in-sync", first]);
  });

  it.each([
    { categories: { clip, blip: held }, says: "but for 1 held category", states: ["held", "current"] },
    { categories: { clip, blip: failed }, says: "but for 1 category that failed", states: ["failed", "current"] },
  ])("is not said to be as it should where it is not: $says", async ({ categories, says, states }) => {
    const image = repositoryReport({ outcome: "current", pullRequest, categories });
    const { page, text, json } = await tell({ state: stateOf({ repositories: [image] }) });
    for (const told of [page, text]) {
      expect(told).toContain(says);
      expect(told).not.toContain("The open pull request holds the changes. ");
    }
    expect(json.categories.map(({ state }: { state: string }) => state)).toEqual(states);
  });

  it("has no pull request waiting that is closed", async () => {
    const closed = repositoryReport({ outcome: "closed", pullRequest });
    const other = repositoryReport({ repository: "haidra/text", outcome: "below-threshold" });
    expect((await tell({ state: stateOf({ repositories: [closed, other] }) })).badge.message).toBe("pending");
  });
});

describe("a run", () => {
  const image = (outcome: RepositoryOutcome, categories = {}) => repositoryReport({ outcome, categories });
  const cases: readonly { readonly run: Partial<Report>; readonly label: string; readonly meaning: string }[] = [
    {
      run: { outcome: "published", repositories: [image("created"), image("in-sync")] },
      label: "published",
      meaning: "The changes are in a pull request.",
    },
    {
      run: { outcome: "published", repositories: [image("committed")] },
      label: "published",
      meaning: "The changes are on the base branch.",
    },
    {
      run: { outcome: "published", repositories: [image("created", { clip, blip: held })] },
      label: "published",
      meaning: "The changes are in a pull request. But 1 category is held.",
    },
    {
      run: { outcome: "published", repositories: [image("created"), image("edited")] },
      label: "published",
      meaning: "The changes are in a pull request. But what differs in one repository is kept back.",
    },
    {
      run: { outcome: "published", repositories: [image("current")] },
      label: "nothing new",
      meaning: "The open pull request holds the changes already; nothing was written.",
    },
    {
      run: { outcome: "published", repositories: [image("closed")] },
      label: "published",
      meaning: "Nothing was left to merge, so the pull request was closed.",
    },
    {
      run: { outcome: "planned", dryRun: true, repositories: [image("planned")] },
      label: "planned",
      meaning: "A dry run: something would be published, and nothing was written.",
    },
    {
      run: { outcome: "planned", dryRun: true, repositories: [image("current")] },
      label: "planned",
      meaning: "A dry run: the open pull request holds the changes already, and nothing was written.",
    },
    {
      run: { outcome: "published", dryRun: true, repositories: [image("current")] },
      label: "planned",
      meaning: "A dry run: the open pull request holds the changes already, and nothing was written.",
    },
    {
      run: { outcome: "planned", dryRun: true, repositories: [{ ...image("planned"), pullRequest }] },
      label: "planned",
      meaning: "A dry run: nothing is left to merge, so the pull request would be closed.",
    },
    { run: { outcome: "in-sync", dryRun: true }, label: "in sync", meaning: "There is nothing to publish." },
    { run: { outcome: "in-sync" }, label: "in sync", meaning: "There was nothing to publish." },
    {
      run: { outcome: "partial", dryRun: true, repositories: [image("planned"), image("failed")] },
      label: "partial",
      meaning: "A repository or a category failed; the others did not. It was a dry run: nothing was written.",
    },
    {
      run: { outcome: "held", repositories: [image("held")] },
      label: "held",
      meaning: "Nothing was published: what differs is held, rejected, edited or below the threshold.",
    },
    { run: { outcome: "failed", repositories: [] }, label: "failed", meaning: "Nothing could be brought up to date." },
  ];

  it.each(cases)("$run.outcome: $meaning", async ({ run, label, meaning }) => {
    const told = report(run);
    expect(runWording(told)).toMatchObject({ label, meaning });
    const { request } = await createAnswerApp({ runs: [told] });
    const page = await (await request(`/runs/${told.id}`, { headers: { accept: CHROME } })).text();
    expect(page).toContain(meaning);
    const list = await (await request("/runs", { headers: { accept: "text/plain" } })).text();
    if (run.outcome !== "published" || run.dryRun !== true) expect(list).toContain(`  ${label} `);
  });

  it("that was dry is never called published, whatever it found", () => {
    for (const outcome of RUN_OUTCOMES.filter((name) => name !== "published")) {
      for (const deed of REPOSITORY_OUTCOMES) {
        const { label, meaning } = runWording(report({ outcome, dryRun: true, repositories: [image(deed)] }));
        expect(`${label} ${meaning}`).not.toMatch(/(was|were) published|are in a pull request/);
      }
    }
  });
});

describe("a preview", () => {
  it.each([
    { outcome: "failed", repositories: [], says: "is not known, because the dry run failed" },
    { outcome: "partial", repositories: [repositoryReport({ outcome: "failed" })], says: "of what could be read" },
    { outcome: "held", repositories: [repositoryReport({ outcome: "rejected" })], says: "what differs is kept back" },
    { outcome: "in-sync", repositories: [repositoryReport()], says: "No file would change." },
  ] as const)("that is $outcome says no more than is known", async ({ says, ...run }) => {
    const { request } = await createAnswerApp({ result: report({ dryRun: true, ...run }) });
    const page = await (await request("/preview", { headers: { ...BEARER, accept: CHROME } })).text();
    expect(page).toContain(says);
    expect(page.includes("No file would change.")).toBe(run.outcome === "in-sync");
  });
});
