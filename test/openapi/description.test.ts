/**
 * The sandbox against GitHub's own description: that the check sees what is wrong, and that what it lets pass is known.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HttpAnswer, HttpRequest } from "../../sandbox/http/answer.ts";
import { jsonAnswer } from "../../sandbox/http/answer.ts";
import { createExchangeCheck } from "../../sandbox/openapi/exchange-check.ts";
import { readFacts } from "../../sandbox/openapi/facts.ts";
import { OPERATIONS } from "../../sandbox/openapi/operations.ts";
import { createRecorder, mismatchFile } from "../../sandbox/openapi/recorder.ts";
import { createSchemaCheck } from "../../sandbox/openapi/schema-check.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { API, ask, openPull, pushBranch, startWithRepository } from "../sandbox/support.ts";

const facts = readFacts();
const check = createExchangeCheck(facts);
const REPOSITORY = "/repos/{owner}/{repo}";

function requestOf(method: string, target: string, body?: unknown): HttpRequest {
  const [rawPath = "", query = ""] = target.split("?");
  const search = new URLSearchParams(query);
  const bytes = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return { method, rawPath, path: rawPath, query, search, headers: {}, body: Buffer.from(bytes) };
}

test("the facts are of every operation that the sandbox has, and say where they are from", () => {
  expect(facts.operations.map(({ name }) => name)).toEqual(OPERATIONS);
  expect(facts.source).toMatch(/^@octokit\/openapi \d+\.\d+\.\d+$/);
});

describe("an operation is found", () => {
  test.each([
    ["GET", "/repos/o/r/git/ref/heads/sync/models", `GET ${REPOSITORY}/git/ref/{ref}`],
    ["GET", "/api/v3/repos/o/r/git/ref/heads%2Fmain", `GET ${REPOSITORY}/git/ref/{ref}`],
    ["GET", "/repositories/1001/branches/main", `GET ${REPOSITORY}/branches/{branch}`],
    ["GET", "/repos/o/r/commits/sync/models/check-runs", `GET ${REPOSITORY}/commits/{ref}/check-runs`],
    ["GET", "/repos/o/r/commits/0a/pulls", `GET ${REPOSITORY}/commits/{commit_sha}/pulls`],
    ["GET", "/repos/o/r", `GET ${REPOSITORY}`],
  ])("%s %s", (method, path, name) => {
    expect(check.operationOf(requestOf(method, path))?.name).toBe(name);
  });

  test("and one that is not GitHub's is a problem", () => {
    expect(check.checkRequest(requestOf("GET", "/repos/o/r/nothing"))).toEqual([
      "GitHub has no operation GET /repos/o/r/nothing, as far as is known",
    ]);
  });
});

describe("a request of ours", () => {
  const ref = { ref: "refs/heads/x", sha: "0".repeat(40) };
  test.each<[string, HttpRequest, string[]]>([
    ["that is right", requestOf("POST", "/repos/o/r/git/refs", ref), []],
    ["lacks a field", requestOf("POST", "/repos/o/r/git/refs", { ref: "refs/heads/x" }), ["$.sha is missing"]],
    [
      "has a field too many",
      requestOf("POST", "/repos/o/r/git/refs", { ...ref, to: 1 }),
      ["$.to is not in the description"],
    ],
    [
      "has a field of another type",
      requestOf("POST", "/repos/o/r/git/refs", { ...ref, sha: 1 }),
      ["$.sha is no string"],
    ],
    ["has no body", requestOf("POST", "/repos/o/r/git/refs"), ["the body is missing"]],
    ["has a body of no JSON", requestOf("POST", "/repos/o/r/git/refs", "{"), ["the body is no JSON"]],
    ["asks for what is not there", requestOf("GET", "/repos/o/r/pulls?heads=x"), ["?heads is not in the description"]],
    ["asks with a word for a number", requestOf("GET", "/repos/o/r/pulls?page=two"), ["?page is no integer"]],
    [
      "asks with a word that is not listed",
      requestOf("GET", "/repos/o/r/pulls?state=merged"),
      ['?state is "merged", not one of open,closed,all'],
    ],
    [
      "gives a tree entry an unknown mode",
      requestOf("POST", "/repos/o/r/git/trees", { tree: [{ path: "a", mode: "100600", type: "blob", sha: null }] }),
      ['$.tree[0].mode is "100600", not one of 100644,100755,040000,160000,120000'],
    ],
  ])("%s", (_label, request, problems) => {
    expect(check.checkRequest(request)).toEqual(problems);
  });
});

describe("an answer of the sandbox", () => {
  let sandbox: Sandbox;
  const right = new Map<string, unknown>();

  beforeAll(async () => {
    sandbox = await startWithRepository();
    await pushBranch(sandbox, "sync/models", { "a.json": "{}\n" });
    await openPull(sandbox);
    for (const path of ["/pulls/1", "/branches/main", "/issues/1", ""])
      right.set(path, (await ask(sandbox, API + path)).json);
  });
  afterAll(() => sandbox.close());

  const problemsOf = (path: string, change: (answer: object) => object) =>
    check.checkAnswer(requestOf("GET", API + path), jsonAnswer(200, change(Object(right.get(path)))));

  test.each<[string, string, object, string[]]>([
    ["that is right", "/pulls/1", {}, []],
    ["with a state of its own", "/pulls/1", { state: "merged" }, ['$.state is "merged", not one of open,closed']],
    [
      "that tells who closed a pull request",
      "/pulls/1",
      { closed_by: null },
      ["$.closed_by is not in the description"],
    ],
    ["with null where it cannot be", "", { owner: null }, ["$.owner is null"]],
    ["with another type", "", { id: "1" }, ["$.id is no integer"]],
    ["with a time of its own", "", { created_at: "yesterday" }, ["$.created_at is no date-time"]],
    ["with null where it can be", "/issues/1", { closed_by: null }, []],
  ])("%s", (_label, path, changed, problems) => {
    expect(problemsOf(path, (answer) => ({ ...answer, ...changed }))).toEqual(problems);
  });

  test("without what is needed", () => {
    const without = (answer: object) =>
      Object.fromEntries(Object.entries(answer).filter(([name]) => name !== "protection_url"));
    expect(problemsOf("/branches/main", without)).toEqual(["$.protection_url is missing"]);
  });

  test.each<[string, string, HttpAnswer, string[]]>([
    [
      "with a status that the operation does not have",
      "/branches/main",
      jsonAnswer(201, {}),
      [`status 201 is not in the description of GET ${REPOSITORY}/branches/{branch}`],
    ],
    ["of HTML", "", { status: 200, headers: { "content-type": "text/html" }, body: "<p>" }, ["the answer is no JSON"]],
    [
      "of half a JSON",
      "",
      { status: 200, headers: { "content-type": "application/json" }, body: "{" },
      ["the answer is no JSON"],
    ],
    ["of nothing", "", { status: 200, headers: {}, body: null }, ["the answer is empty"]],
    ["that refuses", "", jsonAnswer(403, { message: "No", documentation_url: "", status: "403" }), []],
    ["that refuses with a number", "", jsonAnswer(403, { message: 1 }), ["$.message is no string"]],
  ])("%s", (_label, path, given, problems) => {
    expect(check.checkAnswer(requestOf("GET", API + path), given)).toEqual(problems);
  });
});

describe("a server that is told to", () => {
  test("writes down what does not fit, and counts the rest", () => {
    const directory = mkdtempSync(join(tmpdir(), "description-"));
    const recorder = createRecorder(directory);
    const ours = { ...requestOf("GET", `${API}?x=1`), headers: { "user-agent": "horde-model-reference-sync/1" } };
    recorder.request(ours);
    recorder.request(requestOf("GET", `${API}?x=1`));
    recorder.answer(ours, jsonAnswer(200, {}));
    recorder.close();
    const lines = readFileSync(mismatchFile(directory), "utf8").trim().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe(`{"operation":"GET ${API}x=1","problems":["?x is not in the description"]}`);
    expect(lines[1]).toContain("$.id is missing");
    const [counts = ""] = readdirSync(directory).filter((name) => name.startsWith("counts-"));
    expect(JSON.parse(readFileSync(join(directory, counts), "utf8"))).toMatchObject({ requests: 1, answers: 1 });
    rmSync(directory, { recursive: true });
  });
});

describe("a schema", () => {
  const schemas = { user: { type: "object", required: ["login"], properties: { login: { type: "string" } } } };
  const problemsOf = (schema: unknown, value: unknown) => createSchemaCheck(schemas).check(schema, value);
  const either = { anyOf: [{ $ref: "user" }, { type: "string" }] };
  const both = { allOf: [{ $ref: "user" }, { type: "object", properties: { age: { type: "integer" } } }] };

  test("of alternatives takes either, and tells what the nearest lacks", () => {
    expect(problemsOf(either, "x")).toEqual([]);
    expect(problemsOf(either, { login: "x" })).toEqual([]);
    expect(problemsOf(either, {})).toEqual(["$.login is missing"]);
    expect(problemsOf(either, null)).toEqual(["$ is null"]);
    expect(problemsOf({ oneOf: [{ type: "integer", nullable: true }] }, null)).toEqual([]);
  });

  test("of parts takes the names of all of them", () => {
    expect(problemsOf(both, { login: "x", age: 1 })).toEqual([]);
    expect(problemsOf(both, { login: "x", age: "1" })).toEqual(["$.age is no integer"]);
    expect(problemsOf(both, { login: "x", size: 1 })).toContain("$.size is not in the description");
  });

  test("of a map checks its values, and limits are limits", () => {
    expect(problemsOf({ type: "object", additionalProperties: { type: "string" } }, { a: 1 })).toEqual([
      "$.a is no string",
    ]);
    expect(problemsOf({ type: "array", maxItems: 1, items: {} }, [1, 2])).toEqual(["$ is more than 1"]);
    expect(problemsOf({ type: "string", minLength: 2, pattern: "^a" }, "b")).toEqual([
      "$ is less than 2",
      "$ is no ^a",
    ]);
    expect(() => problemsOf({ $ref: "none" }, 1)).toThrow("no schema none");
  });
});
