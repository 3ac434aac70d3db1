import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bytesAnswer, type HttpAnswer, type HttpRequest, textAnswer } from "../http/answer.ts";
import type { GitHubState, RepositoryState } from "./state.ts";

/**
 * `git clone` and `git fetch` over git's plain ("dumb") HTTP protocol, which is the repository's own files:
 * https://git-scm.com/docs/http-protocol. Pushing goes to the bare repository's folder instead.
 */
const CLONE = /^\/([^/]+\/[^/]+)\.git\/(.+)$/;

const SERVED = /^(?:HEAD|objects\/[0-9a-f]{2}\/[0-9a-f]{38}|objects\/pack\/pack-[0-9a-f]+\.(?:pack|idx))$/;

export function isClone(request: HttpRequest): boolean {
  return CLONE.test(request.path);
}

export function handleClone(state: GitHubState, request: HttpRequest): HttpAnswer {
  const [, fullName = "", file = ""] = CLONE.exec(request.path) ?? [];
  const repository = state.repositories.get(fullName.toLowerCase());
  if (repository === undefined || repository.isPrivate) return textAnswer(404, "Not Found");
  if (request.method !== "GET" || request.query.includes("git-receive-pack")) return textAnswer(403, "Read only");
  if (file === "info/refs") return textAnswer(200, refLines(repository));
  if (file === "objects/info/packs") return textAnswer(200, packLines(repository));
  const { directory, objectsDirectory } = repository.git;
  const path = join(file === "HEAD" ? directory : objectsDirectory, file);
  if (!SERVED.test(file) || !existsSync(path)) return textAnswer(404, "Not Found");
  return bytesAnswer(readFileSync(path), "application/octet-stream");
}

function refLines(repository: RepositoryState): string {
  return [...repository.git.refs.list()].map(([ref, sha]) => `${sha}\t${ref}\n`).join("");
}

function packLines(repository: RepositoryState): string {
  const packs = readdirSync(join(repository.git.objectsDirectory, "objects", "pack"));
  return `${packs.flatMap((name) => (name.endsWith(".pack") ? [`P ${name}\n`] : [])).join("")}\n`;
}
