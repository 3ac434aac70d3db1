/**
 * What a delivery of GitHub's webhook is about. Pure.
 *
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
import * as z from "zod/mini";
import { CATEGORIES, REPOSITORY_ROLES, type RepositoryRole } from "../categories.ts";
import type { Config } from "../config/config.ts";
import { SYNC_BRANCH } from "../config/sync-branch.ts";
import type { Touched } from "../service/service.ts";

const Repository = z.object({ full_name: z.string() });
const paths = z.optional(z.array(z.string()));

const Push = z.object({
  repository: Repository,
  ref: z.string(),
  forced: z.optional(z.boolean()),
  /** At most 2,048 of them, and none where a branch was deleted. */
  commits: z.optional(z.array(z.object({ added: paths, removed: paths, modified: paths }))),
});

const PullRequestEvent = z.object({
  repository: Repository,
  pull_request: z.object({ number: z.number(), head: z.object({ ref: z.string(), repo: z.nullish(Repository) }) }),
});

/** `ignored` says why in a sentence. */
export type Delivery =
  | { readonly kind: "touched"; readonly touched: Touched }
  | { readonly kind: "ignored"; readonly why: string }
  | { readonly kind: "malformed" };

/** @param event GitHub's name of it, as in `X-GitHub-Event` */
export function readDelivery(event: string, payload: unknown, { repositories }: Config): Delivery {
  switch (event) {
    case "push":
      return readPush(payload, repositories);
    case "pull_request":
      return readPullRequest(payload, repositories);
    default:
      return { kind: "ignored", why: "Only push, pull_request and ping are listened to." };
  }
}

function readPush(payload: unknown, repositories: Config["repositories"]): Delivery {
  const parsed = Push.safeParse(payload);
  if (!parsed.success) return { kind: "malformed" };
  const { repository, ref, commits = [], forced = false } = parsed.data;
  const role = roleOf(repository, repositories);
  if (role === null) return OTHER_REPOSITORY;
  if (ref === `refs/heads/${SYNC_BRANCH}`) return { kind: "touched", touched: { role, where: "branch" } };
  if (ref !== `refs/heads/${repositories[role].branch}`)
    return { kind: "ignored", why: "It is neither the base nor the sync branch." };
  const ours = new Set<string>(
    CATEGORIES.filter((category) => category.role === role).flatMap(({ codec }) => [...codec.writes, ...codec.reads]),
  );
  const touched = commits.flatMap(({ added = [], removed = [], modified = [] }) => [...added, ...removed, ...modified]);
  // Where GitHub does not tell all of it, ours may be among the rest.
  const isWhole = !forced && commits.length > 0 && commits.length < 2048;
  if (isWhole && !touched.some((path) => ours.has(path)))
    return { kind: "ignored", why: "It touches no file that is synced." };
  return { kind: "touched", touched: { role, where: "base" } };
}

function readPullRequest(payload: unknown, repositories: Config["repositories"]): Delivery {
  const parsed = PullRequestEvent.safeParse(payload);
  if (!parsed.success) return { kind: "malformed" };
  const { repository, pull_request: pull } = parsed.data;
  const role = roleOf(repository, repositories);
  if (role === null) return OTHER_REPOSITORY;
  const isOurs =
    pull.head.ref === SYNC_BRANCH && pull.head.repo?.full_name.toLowerCase() === repository.full_name.toLowerCase();
  if (!isOurs) return { kind: "ignored", why: "Its head is not the sync branch." };
  return { kind: "touched", touched: { role, where: "branch", pull: pull.number } };
}

const OTHER_REPOSITORY: Delivery = { kind: "ignored", why: "It is about a repository that is not synced." };

function roleOf(
  { full_name }: z.infer<typeof Repository>,
  repositories: Config["repositories"],
): RepositoryRole | null {
  const isNamed = (role: RepositoryRole) => {
    const { owner, name } = repositories[role];
    return `${owner}/${name}`.toLowerCase() === full_name.toLowerCase();
  };
  return REPOSITORY_ROLES.find(isNamed) ?? null;
}
