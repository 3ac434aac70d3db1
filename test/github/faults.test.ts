import { RequestError } from "@octokit/request-error";
import { describe, expect, it } from "vitest";
import { SyncError } from "../../src/core/errors.ts";
import { messageOf, statusOf, toSyncError } from "../../src/github/faults.ts";
import { isRefused, orNull } from "../../src/github/outcomes.ts";
import { TransportError } from "../../src/net/transport.ts";
import { START } from "../fakes/clock.ts";

const URL = "https://github.test/repos/haidra/image/git/trees/abc";
const CALL = { method: "GET", url: "/repos/{owner}/{repo}/git/trees/{tree_sha}", owner: "haidra", repo: "image" };

function answered(status: number, message: string, headers: Record<string, string> = {}): RequestError {
  const request = { method: "GET", url: URL, headers: { authorization: "Bearer ghs_secret" } } as const;
  return new RequestError(message, status, { request, response: { status, url: URL, headers, data: {} } });
}

function unanswered(cause?: unknown): RequestError {
  const error = new RequestError("fetch failed", 500, { request: { method: "GET", url: URL, headers: {} } });
  if (cause !== undefined) error.cause = cause;
  return error;
}

describe("GitHub's answers as faults", () => {
  it.each<[string, RequestError, string, number | null]>([
    ["401", answered(401, "Bad credentials"), "github-unauthorized", null],
    ["403", answered(403, "Resource not accessible by integration"), "github-unauthorized", null],
    ["404", answered(404, "Not Found"), "github-not-found", null],
    ["409 of an empty repository", answered(409, "Git Repository is empty."), "github-not-found", null],
    ["409", answered(409, "Conflict"), "conflict", null],
    ["422", answered(422, "Validation Failed"), "github-rejected", null],
    ["500", answered(500, "Server Error"), "github-unavailable", null],
    ["502", answered(502, "Bad Gateway"), "github-unavailable", null],
    [
      "503 with retry-after",
      answered(503, "Unavailable", { "retry-after": "60" }),
      "github-unavailable",
      START + 60_000,
    ],
    ["429", answered(429, "Too many"), "rate-limited", null],
    ["403 with retry-after", answered(403, "Slow down", { "retry-after": "60" }), "rate-limited", START + 60_000],
    ["403 by its words", answered(403, "You have exceeded a secondary rate limit."), "rate-limited", null],
    [
      "403 with an exhausted limit",
      answered(403, "API rate limit", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(START / 1000 + 9) }),
      "rate-limited",
      START + 9000,
    ],
  ])("%s", (_what, error, code, retryAt) => {
    const fault = toSyncError(error, CALL, START);
    expect(fault).toMatchObject({ code, retryAt });
    expect(fault.cause).toBe(error);
  });

  it.each([
    ["found\n\nCannot update this protected ref.\n\n", "found. Cannot update this protected ref. Let"],
    ["found.\n\nOne thing\n\nAnother", "found. One thing. Another. Let"],
  ])("keep GitHub's paragraphs apart", (rest, told) => {
    const { message } = toSyncError(answered(422, `Repository rule violations ${rest}`), CALL, START);
    expect(message).toContain(`Repository rule violations ${told}`);
  });

  it("say that a locked conversation can be unlocked", () => {
    const fault = toSyncError(answered(403, "Unable to create comment because issue is locked."), CALL, START);
    expect(fault.code).toBe("github-rejected");
    expect(fault.message).toMatch(/issue is locked\. Unlock the conversation/);
  });

  it("name the call, with the template filled in as far as it is known", () => {
    const { message } = toSyncError(answered(404, "Not Found"), CALL, START);
    expect(message).toBe(
      "GitHub answered 404 to GET /repos/haidra/image/git/trees/{tree_sha}: Not Found. Check the repository's name, and that the App is installed on it or the token may see it.",
    );
  });

  it("never show the host's query or a header", () => {
    const fault = toSyncError(answered(500, "Oops"), { method: "GET", url: URL }, START);
    expect(fault.message).toBe("GitHub answered 500 to GET /repos/haidra/image/git/trees/abc: Oops.");
  });

  it("keep GitHub's words without its link, and not too many", () => {
    const link = " - https://docs.github.com/rest/git/refs#update-a-reference";
    expect(messageOf(answered(422, `Update is not a fast forward${link}`))).toBe("Update is not a fast forward");
    expect(messageOf(answered(422, "x".repeat(5000)))).toHaveLength(300);
  });

  it.each<[string, unknown, RegExp]>([
    ["a time-out", unanswered(new TransportError("timeout", "no complete answer within 30 s")), /within 30 s\.$/],
    ["a dropped connection", unanswered(new TypeError("terminated")), /the connection failed\.$/],
    ["no cause at all", unanswered(), /the connection failed\.$/],
  ])("%s is no status of GitHub's", (_what, error, says) => {
    const fault = toSyncError(error, CALL, START);
    expect(statusOf(error)).toBe(null);
    expect(fault.code).toBe("github-unavailable");
    expect(fault.message).toMatch(says);
  });

  it("anything else is a bug, and a fault of ours stays what it is", () => {
    expect(toSyncError(new TypeError("x is not a function"), CALL, START).code).toBe("internal");
    const ours = new SyncError("misconfigured", "No key.");
    expect(toSyncError(ours, CALL, START)).toBe(ours);
  });
});

describe("expected refusals", () => {
  const wrapped = (error: RequestError) => Promise.reject(toSyncError(error, CALL, START));

  it("a status that means absence is null, and others are thrown", async () => {
    expect(await orNull(wrapped(answered(404, "Not Found")), 404)).toBe(null);
    expect(await orNull(Promise.resolve(0), 404)).toBe(0);
    await expect(orNull(wrapped(answered(403, "No")), 404)).rejects.toMatchObject({ code: "github-unauthorized" });
    await expect(orNull(wrapped(unanswered()), 500)).rejects.toMatchObject({ code: "github-unavailable" });
  });

  it.each<[string, RequestError, boolean | null]>([
    ["the status and the words", answered(422, "Reference already exists"), true],
    ["the status with other words", answered(422, "Object does not exist"), null],
    ["the words with another status", answered(403, "Reference already exists"), null],
    ["no answer", unanswered(), null],
  ])("%s", async (_what, error, expected) => {
    const refused = isRefused(wrapped(error), 422, /already exists/);
    if (expected === null) await expect(refused).rejects.toBeInstanceOf(SyncError);
    else expect(await refused).toBe(expected);
  });

  it("a success is no refusal", async () => {
    expect(await isRefused(Promise.resolve({}), 422, /x/)).toBe(false);
  });
});
