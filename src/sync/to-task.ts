/**
 * What a run asks of one of the two repositories. Pure.
 */
import { CATEGORIES, type Category, type CategoryName, type RepositoryRole } from "../categories.ts";
import { webUrlOf } from "../config/github-settings.ts";
import { sha256 } from "../files/blob.ts";
import { EMPTY_MEMORY } from "./memory.ts";
import type { RunContext, RunRequest } from "./run-request.ts";
import type { Stamps } from "./stamps.ts";
import type { RepositoryTask } from "./task.ts";

export interface RoleInput {
  readonly request: RunRequest;
  readonly context: RunContext;
  readonly readStamps: () => Promise<Stamps>;
  readonly requested: readonly CategoryName[];
  readonly lastUpdated: number | null;
  readonly startedAt: number;
}

/** What a first try nearly always takes of GitHub at most: refs, tree, pull requests, some blobs, and writing. */
const FIRST_TRY_GITHUB = 12;

export function toTask(role: RepositoryRole, input: RoleInput): RepositoryTask {
  const { request, context, readStamps, requested, lastUpdated, startedAt } = input;
  const { config } = context;
  const { owner, name, branch } = config.repositories[role];
  const repository = `${owner}/${name}`;
  const { publish, minChanges, maxRemovalPercent } = config;
  const known = CATEGORIES.filter((category: Category) => category.role === role);
  const categories = known.filter(({ name }) => config.categories.includes(name));
  let answers = 0;
  const requests = () => context.requestsTo(role) + answers;
  return {
    repository,
    repositoryUrl: `${webUrlOf(config.githubApiUrl)}/${repository}`,
    statusUrl: config.statusUrl,
    categories,
    known,
    requested,
    ports: context.repositories[role],
    primary: {
      url: config.primaryUrl,
      source: sha256(config.primaryUrl).slice(0, 16),
      lastUpdated,
      read(category) {
        answers += 1;
        return context.primary.category(category);
      },
      readStamps,
      trustStamps: request.trigger === "tick" && request.isRetry !== true,
    },
    baseBranch: branch,
    policy: { publish, minChanges },
    guard: { maxRemovalPercent, isForced: request.isForced, expected: request.expected ?? null },
    wishes: config.pullRequest,
    ignoredAuthors: config.ignoredAuthors,
    isDryRun: request.isDryRun,
    memory: context.memory[repository] ?? EMPTY_MEMORY,
    now: startedAt,
    dueAt: request.dueAt ?? startedAt,
    requests: context.budget.share(requests, categories.length + FIRST_TRY_GITHUB),
    log: context.log.with({ repository }),
  };
}
