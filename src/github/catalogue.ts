/**
 * What GitHub refuses, and what helps: one catalogue of status, words and headers. The first entry that fits counts.
 * Pure. The table in the documentation is made of it.
 */
import type { ErrorCode } from "../core/errors.ts";

export interface Refusal {
  readonly status: number;
  /** GitHub's sentence; empty where it sent no JSON. */
  readonly message: string;
  /** @returns a header's value, or `null` */
  readonly header: (name: string) => string | null;
}

export interface CatalogueEntry {
  readonly name: string;
  readonly statuses: readonly number[];
  /** Words by which it is told from others of the same status. */
  readonly words?: RegExp;
  /** A header that must be there. */
  readonly header?: string;
  readonly code: ErrorCode;
  /** A sentence of what to do. `%s` stands for the value of the header, or for the URL in GitHub's words. */
  readonly cure: string;
  /** Instead of `cure`, where neither a header's value nor a URL is known. */
  readonly otherwise?: string;
}

const RULES =
  /rule violations|Reference update failed|protected (branch|ref)|protected_branch|approving review|status check|must be made through a pull request|verified signatures/i;

/**
 * @see https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
 * @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
export const CATALOGUE: readonly CatalogueEntry[] = [
  {
    name: "rate limit",
    statuses: [403, 429],
    words: /rate limit|abuse detection/i,
    code: "rate-limited",
    cure: "It is tried again when the limit is lifted.",
  },
  {
    name: "too many requests",
    statuses: [429],
    code: "rate-limited",
    cure: "It is tried again when the limit is lifted.",
  },
  {
    name: "single sign-on",
    statuses: [403],
    header: "x-github-sso",
    code: "github-unauthorized",
    cure: "Authorize the token for the organization's single sign-on at %s.",
    otherwise: "Authorize the token for the organization's single sign-on, in the token's settings.",
  },
  {
    name: "IP allow list",
    statuses: [403],
    words: /IP allow list/i,
    code: "github-unauthorized",
    cure: "Let the organization's IP allow list take the addresses of installed GitHub Apps, or run the command line from an address that it holds.",
  },
  {
    name: "forbidden kind of token",
    statuses: [403],
    words: /forbids access via|personal access tokens? \(classic\)|token's lifetime/i,
    code: "github-unauthorized",
    cure: "Make a token that the organization allows (see %s), or use a GitHub App.",
    otherwise: "Make a token that the organization allows, or use a GitHub App.",
  },
  {
    name: "suspended installation",
    statuses: [403],
    words: /suspended/i,
    code: "github-unauthorized",
    cure: "Have an owner of the organization lift the suspension of the GitHub App.",
  },
  {
    name: "archived repository",
    statuses: [403],
    words: /archived/i,
    code: "github-rejected",
    cure: "Unarchive the repository, or take its categories out of CATEGORIES_TO_SYNC.",
  },
  {
    name: "locked conversation",
    statuses: [403],
    words: /issue is locked|conversation is locked|pull request is locked/i,
    code: "github-rejected",
    cure: "Unlock the conversation if the comment matters; nothing else waits for it.",
  },
  {
    name: "missing permission",
    statuses: [403],
    words: /Resource not accessible|permission/i,
    header: "x-accepted-github-permissions",
    code: "github-unauthorized",
    cure: "Give the App or token this permission: %s.",
  },
  {
    name: "missing permission, unnamed",
    statuses: [403],
    words: /Resource not accessible|permission/i,
    code: "github-unauthorized",
    cure: "Give the App or token Contents and Pull requests: read and write.",
  },
  {
    name: "bad credentials",
    statuses: [401],
    code: "github-unauthorized",
    cure: "The token was revoked or has expired: make a new one, and set it again.",
  },
  {
    name: "blocked for legal reasons",
    statuses: [451],
    code: "github-rejected",
    cure: "GitHub blocks the repository; its owner has to settle that with GitHub.",
  },
  {
    name: "rule of the repository",
    statuses: [409, 422],
    words: RULES,
    code: "github-rejected",
    cure: "Let the App or token bypass the ruleset or branch protection, or leave sync/model-references out of it; with PUBLISH=pull-request the base branch needs no exception.",
  },
  {
    name: "empty repository",
    statuses: [409],
    words: /repository is empty/i,
    code: "github-not-found",
    cure: "Make a first commit in the repository.",
  },
  {
    name: "too large",
    statuses: [413, 422],
    words: /too large/i,
    code: "github-rejected",
    cure: "The file has outgrown GitHub's API; split the category, or commit it with git.",
  },
  {
    name: "forbidden",
    statuses: [403],
    code: "github-unauthorized",
    cure: "Check what the App or token may do in the repository.",
  },
  {
    name: "not found",
    statuses: [404],
    code: "github-not-found",
    cure: "Check the repository's name, and that the App is installed on it or the token may see it.",
  },
  { name: "lost race", statuses: [409], code: "conflict", cure: "It is tried again." },
];

export interface Diagnosis {
  readonly code: ErrorCode;
  readonly cure: string | null;
}

export function diagnose(refusal: Refusal): Diagnosis {
  const { status, message } = refusal;
  if (status >= 500) return { code: "github-unavailable", cure: null };
  const entry = CATALOGUE.find(({ statuses, words, header }) => {
    if (!statuses.includes(status) || (words !== undefined && !words.test(message))) return false;
    return header === undefined || refusal.header(header) !== null;
  });
  if (entry === undefined) return { code: "github-rejected", cure: null };
  return { code: entry.code, cure: fillIn(entry, refusal) };
}

/** `required; url=https://…` names a URL; `contents=write; pull_requests=write` names permissions. */
function fillIn({ header, cure, otherwise }: CatalogueEntry, refusal: Refusal): string {
  if (!cure.includes("%s")) return cure;
  const value = header === undefined ? refusal.message : (refusal.header(header) ?? "");
  const url = /https:\/\/github\.com\/[\w./?=&%-]+|url=(https?:\/\/\S+)/.exec(value);
  const found = url === null ? (header === "x-accepted-github-permissions" ? value : null) : (url[1] ?? url[0]);
  return found === null || found === ""
    ? (otherwise ?? cure.replace("%s", "see GitHub's words"))
    : cure.replace("%s", found.slice(0, 300));
}
