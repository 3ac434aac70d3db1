import { sign } from "node:crypto";
import { expect } from "vitest";
import { isObject, type JsonObject } from "../../sandbox/json/value.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/sandbox.ts";
import { createKeys } from "../fakes/keys.ts";

export const REPOSITORY = "octo-org/models";
export const API = `/repos/${REPOSITORY}`;
export const TOKEN = "token-of-a-maintainer";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON object of the answer; empty for anything else. */
  readonly json: JsonObject;
  /** The JSON array of the answer, of objects. */
  readonly list: readonly JsonObject[];
}

export interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  /** null: no Authorization header. Default: the maintainer's token. */
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}

/** A sandbox with one repository of three files and one token that may all. */
export async function startWithRepository(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  const files = { "a.json": '{"a": 1}\n', "b.json": '{"b": 1}\n', "docs/note.txt": "one\ntwo\nthree\nfour\nfive\n" };
  sandbox.github.createRepository({ owner: "octo-org", name: "models", files });
  sandbox.github.credentials.addToken({ token: TOKEN });
  return sandbox;
}

export async function ask(sandbox: Sandbox, path: string, { method = "GET", body, token = TOKEN, headers }: Ask = {}) {
  const response = await fetch(sandbox.github.url + path, {
    method,
    headers: {
      "user-agent": "a-test",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return readReply(response);
}

export async function readReply(response: Response): Promise<Reply> {
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  const value: unknown = isJson && text !== "" ? JSON.parse(text) : null;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isObject(value) ? value : {},
    list: Array.isArray(value) ? value.filter(isObject) : [],
  };
}

/** Follows a path into an answer: `at(json, "commit", "tree", "sha")`. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((inner: unknown, field) => (isObject(inner) ? inner[field] : undefined), value);
}

export function shaIn(reply: Reply, ...path: readonly string[]): string {
  const sha = at(reply.json, ...path);
  expect(sha, reply.text).toMatch(/^[0-9a-f]{40}$/);
  return String(sha);
}

/** Writes files as one commit over the API, and points a new branch at it. Gives the commit. */
export async function pushBranch(sandbox: Sandbox, branch: string, files: Record<string, string>): Promise<string> {
  const base = await ask(sandbox, `${API}/branches/main`);
  const parent = shaIn(base, "commit", "sha");
  const tree = await ask(sandbox, `${API}/git/trees`, {
    method: "POST",
    body: {
      base_tree: shaIn(base, "commit", "commit", "tree", "sha"),
      tree: Object.entries(files).map(([path, content]) => ({ path, mode: "100644", type: "blob", content })),
    },
  });
  const commit = await ask(sandbox, `${API}/git/commits`, {
    method: "POST",
    body: { message: `Set ${Object.keys(files).join()}`, tree: shaIn(tree, "sha"), parents: [parent] },
  });
  const sha = shaIn(commit, "sha");
  const ref = await ask(sandbox, `${API}/git/refs`, { method: "POST", body: { ref: `refs/heads/${branch}`, sha } });
  expect(ref.status).toBe(201);
  return sha;
}

export async function openPull(sandbox: Sandbox, branch = "sync/models", fields: JsonObject = {}): Promise<Reply> {
  return ask(sandbox, `${API}/pulls`, {
    method: "POST",
    body: { title: "A change", head: branch, base: "main", body: "Why", ...fields },
  });
}

export interface AppKeys {
  readonly publicKeyPem: string;
  jwt(claims?: JsonObject): string;
}

export function createAppKeys(id: number): AppKeys {
  const { publicKey, privateKey } = createKeys();
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    publicKeyPem: publicKey,
    jwt(claims = {}) {
      const now = Math.floor(Date.now() / 1000);
      const text = `${encode({ alg: "RS256", typ: "JWT" })}.${encode({ iss: id, iat: now - 30, exp: now + 540, ...claims })}`;
      return `${text}.${sign("RSA-SHA256", Buffer.from(text), privateKey).toString("base64url")}`;
    },
  };
}
