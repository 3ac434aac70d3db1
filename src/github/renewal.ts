/**
 * An installation token made before the App was installed anew, or before the repository was added to it: GitHub answers
 * it as if the repository were not there, until the token expires. So such a token is replaced, once.
 */
import { RequestError } from "@octokit/request-error";
import type { Authorization, Credentials } from "./credentials.ts";
import { messageOf, statusOf } from "./faults.ts";

/** Questions that GitHub answers with a plain `Not Found` only where the repository itself cannot be seen. */
const OF_THE_REPOSITORY: readonly (string | undefined)[] = [
  "/repos/{owner}/{repo}",
  "/repos/{owner}/{repo}/branches/{branch}",
  "/repos/{owner}/{repo}/git/matching-refs/{ref}",
  "/repos/{owner}/{repo}/pulls",
];

/** A branch that is missing has another message: `Branch not found`. */
export function saysNoRepository(error: unknown, { url }: { readonly url?: string }): boolean {
  const path = url?.replace(/^https?:\/\/[^/]+(?=\/repos\/)/, "");
  if (statusOf(error) !== 404 || !OF_THE_REPOSITORY.includes(path)) return false;
  return error instanceof RequestError && messageOf(error) === "Not Found";
}

/**
 * Asks again with a new token, or gives `null` where that would not help: without an App, and with a token that is new.
 *
 * The others that were refused with the same token wait for what the first one finds, so that a repository that is really
 * not there costs one token and one request.
 */
export function createRenewal(credentials: Credentials) {
  let tried: { readonly header: string | null; readonly hasHelped: Promise<boolean> } | null = null;
  return async <T extends object>(refused: Authorization, send: () => Promise<T>): Promise<T | null> => {
    if (tried !== null) return tried.header === refused.header && (await tried.hasHelped) ? send() : null;
    if (refused.isFresh || !credentials.forget(refused)) return null;
    const again = send();
    const hasHelped = again.then((second) => "answer" in second).catch(() => false);
    tried = { header: refused.header, hasHelped };
    return again;
  };
}
