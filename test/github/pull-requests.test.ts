import { describe, expect, it } from "vitest";
import { createGitHubClient } from "../../src/github/client.ts";
import { createComments, createPullRequests, type Decoration } from "../../src/github/pull-requests.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { type Answer, createFakeHttp, empty, json } from "../fakes/http.ts";

const API = "https://github.test";
const REPO = `${API}/repos/haidra/image`;
const NAME = { owner: "haidra", repo: "image" };
const NOTHING: Decoration = { labels: [], reviewers: [], team: null };

function setUp(routes: Record<string, Answer | readonly Answer[]>, decoration: Decoration = NOTHING) {
  const http = createFakeHttp(routes);
  const credentials = { authorize: async () => ({ header: "Bearer t", isFresh: false }), forget: () => false };
  const clock = createFakeClock();
  const github = createGitHubClient({ apiUrl: API, credentials, transport: http.fetch, userAgent: "sync/1", clock });
  return { http, pulls: createPullRequests(github, NAME, decoration), comments: createComments(github, NAME) };
}

const raw = (number: number, state: string, merged_at: string | null = null) => ({
  number,
  html_url: `https://github.test/haidra/image/pull/${number}`,
  state,
  merged_at,
  title: "Sync",
  body: number === 9 ? null : "text",
  head: { sha: "a".repeat(40) },
});

describe("the latest pull request", () => {
  const line = `GET ${REPO}/pulls?head=haidra%3Async%2Fx&base=main&state=all&sort=created&direction=desc&per_page=10`;

  it.each<[string, unknown[], object | null]>([
    ["is none", [], null],
    ["is the open one before newer ones", [raw(3, "closed"), raw(2, "open")], { number: 2, state: "open" }],
    ["is the newest when none is open", [raw(3, "closed"), raw(2, "closed", "2026")], { number: 3, state: "closed" }],
    ["may be merged", [raw(3, "closed", "2026-01-01T00:00:00Z")], { number: 3, state: "merged" }],
    ["may have no body", [raw(9, "open")], { number: 9, body: "" }],
  ])("%s", async (_what, data, expected) => {
    const { pulls } = setUp({ [line]: json(200, data) });
    const latest = await pulls.latest("sync/x", "main");
    if (expected === null) expect(latest).toBe(null);
    else expect(latest).toMatchObject(expected);
  });
});

describe("opening one", () => {
  const line = `POST ${REPO}/pulls`;
  const request = { head: "sync/x", base: "main", title: "Sync", body: "text" };

  it("sends title and body, and is open", async () => {
    const { http, pulls } = setUp({ [line]: json(201, raw(4, "open")) });
    expect(await pulls.open(request)).toMatchObject({ number: 4, state: "open", headSha: "a".repeat(40) });
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
  const refused = json(422, { message: "Reviews may only be requested from collaborators." });
  const everything: Decoration = { labels: ["sync", "x"], reviewers: ["a", "b"], team: "crew" };
  const ok = json(201, {});

  it("are not asked for when there are none", async () => {
    const { http, pulls } = setUp({});
    expect(await pulls.decorate(4)).toEqual([]);
    expect(http.seen).toEqual([]);
  });

  it("take one request each", async () => {
    const { http, pulls } = setUp({ [LABELS]: ok, [REVIEWERS]: ok }, everything);
    expect(await pulls.decorate(4)).toEqual([]);
    expect(http.seen.map(({ body }) => body)).toEqual([
      { labels: ["sync", "x"] },
      { reviewers: ["a", "b"] },
      { team_reviewers: ["crew"] },
    ]);
  });

  it("one bad reviewer does not cost the others", async () => {
    const { http, pulls } = setUp({ [LABELS]: ok, [REVIEWERS]: [refused, ok, refused, ok] }, everything);
    expect(await pulls.decorate(4)).toEqual([expect.stringMatching(/^The reviewer b could not be added .*#4/)]);
    expect(http.seen.slice(1).map(({ body }) => body)).toEqual([
      { reviewers: ["a", "b"] },
      { reviewers: ["a"] },
      { reviewers: ["b"] },
      { team_reviewers: ["crew"] },
    ]);
  });

  it("each refusal is told, and none is thrown", async () => {
    const forbidden = json(403, { message: "Resource not accessible by integration" });
    const { pulls } = setUp({ [LABELS]: forbidden, [REVIEWERS]: refused }, everything);
    const warnings = await pulls.decorate(4);
    expect(warnings.map((warning) => warning.split(" could")[0])).toEqual([
      "The labels sync, x",
      "The reviewer a",
      "The reviewer b",
      "The team crew",
    ]);
  });
});

describe("comments", () => {
  it("are read and written", async () => {
    const line = `${REPO}/issues/4/comments`;
    const { http, comments } = setUp({
      [`GET ${line}?per_page=100`]: json(200, [{ id: 7, body: "one" }, { id: 8 }]),
      [`POST ${line}`]: json(201, { id: 9 }),
      [`DELETE ${REPO}/issues/comments/9`]: [empty(204), json(404, { message: "Not Found" })],
    });
    expect(await comments.comments(4)).toEqual([
      { id: 7, body: "one" },
      { id: 8, body: "" },
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
