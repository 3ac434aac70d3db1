import { describe, expect, it } from "vitest";
import { createGitHubClient } from "../../src/github/client.ts";
import { createCurrentName } from "../../src/github/current-name.ts";
import { createComments, createDecoration, createPullRequests } from "../../src/github/pull-requests.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { type Answer, createFakeHttp, empty, json } from "../fakes/http.ts";

const API = "https://github.test";
const REPO = `${API}/repos/haidra/image`;
const NAME = { owner: "haidra", repo: "image" };

function setUp(routes: Record<string, Answer | readonly Answer[]>) {
  const http = createFakeHttp(routes);
  const credentials = { authorize: async () => ({ header: "Bearer t", isFresh: false }), forget: () => false };
  const clock = createFakeClock();
  const github = createGitHubClient({ apiUrl: API, credentials, transport: http.fetch, userAgent: "sync/1", clock });
  return {
    http,
    pulls: createPullRequests(github, createCurrentName(NAME)),
    decoration: createDecoration(github, createCurrentName(NAME)),
    comments: createComments(github, createCurrentName(NAME)),
  };
}

const HEAD = "a".repeat(40);
const HERE = { full_name: "Haidra/image" };

const raw = (number: number, state: string, rest: object = {}) => ({
  number,
  html_url: `https://github.test/haidra/image/pull/${number}`,
  state,
  merged_at: null,
  closed_at: state === "closed" ? "2026-01-02T00:00:00Z" : null,
  created_at: "2026-01-01T00:00:00Z",
  title: "Sync",
  body: number === 9 ? null : "text",
  labels: [{ name: "sync" }],
  requested_reviewers: [{ login: "alice" }],
  requested_teams: [{ slug: "crew" }],
  head: { ref: "sync/x", sha: HEAD, repo: HERE },
  base: { ref: "main", repo: HERE },
  ...rest,
});

describe("the list of pull requests", () => {
  const line = (state: string) =>
    `GET ${REPO}/pulls?head=haidra%3Async%2Fx&sort=created&direction=desc&per_page=100&state=${state}`;
  const list = async (data: unknown[], more: unknown[] = []) => {
    const { http, pulls } = setUp({ [line("all")]: json(200, data), [line("open")]: json(200, more) });
    return { found: await pulls.list("sync/x"), lines: http.lines() };
  };

  it("tells of an open one all but its head, which may lag", async () => {
    expect((await list([raw(2, "open")])).found).toEqual([
      {
        number: 2,
        url: "https://github.test/haidra/image/pull/2",
        state: "open",
        openedAt: "2026-01-01T00:00:00Z",
        endedAt: null,
        endedHead: null,
        base: "main",
        title: "Sync",
        body: "text",
        labels: ["sync"],
        reviewers: ["alice"],
        teams: ["crew"],
      },
    ]);
  });

  it.each<[string, unknown, object]>([
    ["closed", raw(3, "closed"), { state: "closed", endedAt: "2026-01-02T00:00:00Z", endedHead: HEAD }],
    [
      "merged",
      raw(3, "closed", { merged_at: "2026-01-03T00:00:00Z" }),
      { state: "merged", endedAt: "2026-01-03T00:00:00Z" },
    ],
    ["without a body", raw(9, "open"), { number: 9, body: "" }],
    ["into another base", raw(3, "open", { base: { ref: "release", repo: HERE } }), { base: "release" }],
  ])("tells of one that is %s", async (_what, data, expected) => {
    expect((await list([data])).found).toMatchObject([expected]);
  });

  it.each<[string, object]>([
    ["a fork in the same organisation", { head: { ref: "sync/x", sha: HEAD, repo: { full_name: "haidra/fork" } } }],
    ["a fork that is gone", { head: { ref: "sync/x", sha: HEAD, repo: null } }],
    ["another branch, where the filter was ignored", { head: { ref: "other", sha: HEAD, repo: HERE } }],
  ])("leaves out one from %s", async (_what, rest) => {
    expect((await list([raw(3, "open", rest), raw(2, "open")])).found.map(({ number }) => number)).toEqual([2]);
  });

  it("asks for the open one where a full page of newer ones may hide it", async () => {
    const hundred = Array.from({ length: 100 }, (_, index) => raw(200 - index, "closed"));
    const { found, lines } = await list(hundred, [raw(1, "open")]);
    expect([found[0]?.number, found.length, lines]).toEqual([1, 101, [line("all"), line("open")]]);
    expect((await list(hundred.slice(1))).lines).toHaveLength(1);
  });
});

describe("one of them", () => {
  it("is read by its number, or is not there", async () => {
    const { pulls } = setUp({
      [`GET ${REPO}/pulls/4`]: [json(200, raw(4, "open")), json(404, { message: "Not Found" })],
    });
    expect(await pulls.get(4, "sync/x")).toMatchObject({ number: 4 });
    expect(await pulls.get(4, "sync/x")).toBeNull();
  });

  it.each([
    ["another branch", { head: { ref: "feature", sha: HEAD, repo: HERE } }],
    ["a fork", { head: { ref: "sync/x", sha: HEAD, repo: { full_name: "pat/image" } } }],
  ])("is none of ours where it is from %s, whatever its number", async (_what, other) => {
    const { pulls } = setUp({ [`GET ${REPO}/pulls/4`]: [json(200, { ...raw(4, "open"), ...other })] });
    expect(await pulls.get(4, "sync/x")).toBeNull();
  });
});

describe("opening one", () => {
  const line = `POST ${REPO}/pulls`;
  const request = { head: "sync/x", base: "main", title: "Sync", body: "text" };

  it("sends title and body, and is open", async () => {
    const { http, pulls } = setUp({ [line]: json(201, raw(4, "open")) });
    expect(await pulls.open(request)).toMatchObject({ number: 4, state: "open", endedHead: null });
    expect(http.seen.map(({ body }) => body)).toEqual([request]);
  });

  it.each([
    ["exists", [{ message: "A pull request already exists for haidra:sync/x." }], true],
    ["would be empty", [{ message: "No commits between main and sync/x" }], true],
    ["is invalid", [{ field: "head", code: "invalid" }], false],
  ])("that %s", async (_what, errors, isNull) => {
    const { pulls } = setUp({ [line]: json(422, { message: "Validation Failed", errors }) });
    if (isNull) expect(await pulls.open(request)).toBe(null);
    else await expect(pulls.open(request)).rejects.toMatchObject({ code: "github-rejected" });
  });
});

describe("updating one", () => {
  it("sends only what changes", async () => {
    const { http, pulls } = setUp({ [`PATCH ${REPO}/pulls/4`]: json(200, raw(4, "open")) });
    await pulls.update(4, { title: "New" });
    await pulls.update(4, { state: "closed", body: "x" });
    expect(http.seen.map(({ body }) => body)).toEqual([{ title: "New" }, { state: "closed", body: "x" }]);
  });
});

describe("labels, reviewers and team", () => {
  const LABELS = `POST ${REPO}/issues/4/labels`;
  const REVIEWERS = `POST ${REPO}/pulls/4/requested_reviewers`;

  it("are added by the requests that they need", async () => {
    const { http, decoration } = setUp({ [LABELS]: json(200, []), [REVIEWERS]: json(201, {}) });
    await decoration.add(4, [
      { kind: "label", name: "sync" },
      { kind: "label", name: "x" },
    ]);
    await decoration.add(4, [
      { kind: "reviewer", name: "a" },
      { kind: "team", name: "crew" },
    ]);
    expect(http.seen.map(({ body }) => body)).toEqual([
      { labels: ["sync", "x"] },
      { reviewers: ["a"], team_reviewers: ["crew"] },
    ]);
  });

  it("have a history, read to its last page", async () => {
    const line = `GET ${REPO}/issues/4/events?per_page=100`;
    const other = Array.from({ length: 97 }, () => ({ event: "commented" }));
    const first = [
      { event: "labeled", label: { name: "sync" } },
      { event: "unlabeled", label: { name: "sync" } },
      { event: "review_requested", requested_reviewer: { login: "alice" } },
      ...other,
    ];
    const last = [
      { event: "review_request_removed", requested_team: { slug: "crew" } },
      { event: "labeled", label: null },
    ];
    const { decoration } = setUp({ [line]: json(200, first), [`${line}&page=2`]: json(200, last) });
    expect(await decoration.events(4)).toEqual([
      { ornament: { kind: "label", name: "sync" }, kind: "added" },
      { ornament: { kind: "label", name: "sync" }, kind: "removed" },
      { ornament: { kind: "reviewer", name: "alice" }, kind: "added" },
      { ornament: { kind: "team", name: "crew" }, kind: "removed" },
    ]);
  });
});

describe("who closed one", () => {
  it.each([
    ["a person", { login: "pat", type: "User" }, { login: "pat", isBot: false }],
    ["a bot", { login: "stale[bot]", type: "Bot" }, { login: "stale[bot]", isBot: true }],
    ["unknown", null, null],
  ])("is %s", async (_what, closed_by, expected) => {
    const { comments } = setUp({ [`GET ${REPO}/issues/4`]: json(200, { closed_by }) });
    expect(await comments.closedBy(4)).toEqual(expected);
  });
});

describe("comments", () => {
  it("are read and written", async () => {
    const line = `${REPO}/issues/4/comments`;
    const { http, comments } = setUp({
      [`GET ${line}?per_page=100`]: json(200, [
        { id: 7, body: "one", user: { login: "pat" } },
        { id: 8, user: null },
      ]),
      [`POST ${line}`]: json(201, { id: 9 }),
      [`DELETE ${REPO}/issues/comments/9`]: [empty(204), json(404, { message: "Not Found" })],
    });
    expect(await comments.comments(4)).toEqual([
      { id: 7, body: "one", author: "pat" },
      { id: 8, body: "", author: null },
    ]);
    expect(await comments.comment(4, "two")).toBe(9);
    expect(http.seen[1]?.body).toEqual({ body: "two" });
    await comments.removeComment(9);
    await comments.removeComment(9);
  });

  it("are read to the last page", async () => {
    const line = `GET ${REPO}/issues/4/comments?per_page=100`;
    const page = (from: number, count: number) => Array.from({ length: count }, (_, at) => ({ id: from + at }));
    const { comments } = setUp({ [line]: json(200, page(0, 100)), [`${line}&page=2`]: json(200, page(100, 3)) });
    expect((await comments.comments(4)).map(({ id }) => id)).toEqual(page(0, 103).map(({ id }) => id));
  });
});
