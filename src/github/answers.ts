/**
 * The parts of GitHub's answers that we need, checked: unknown fields are tolerated, a missing one is no answer.
 */
import * as z from "zod/mini";
import { SyncError } from "../core/errors.ts";

const sha = z.string().check(z.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/));
const Repository = z.object({ full_name: z.string() });

export const BranchAnswer = z.object({
  name: z.string(),
  commit: z.object({ sha, url: z.string(), commit: z.object({ tree: z.object({ sha }) }) }),
  /** By a ruleset or by classic protection. */
  protected: z.optional(z.boolean()),
  /** Classic protection. */
  protection: z.nullish(z.object({ enabled: z.optional(z.boolean()) })),
});

export const RepositoryAnswer = z.object({
  full_name: z.string(),
  default_branch: z.string(),
  archived: z.optional(z.boolean()),
  size: z.optional(z.number()),
  permissions: z.optional(z.record(z.string(), z.boolean())),
});

export const RefsAnswer = z.array(z.object({ ref: z.string(), object: z.object({ sha }) }));

export const TreeAnswer = z.object({
  tree: z.array(z.object({ path: z.string(), mode: z.string(), sha })),
});

const Commit = z.object({
  sha,
  commit: z.object({
    message: z.string(),
    tree: z.object({ sha }),
    author: z.nullish(z.object({ email: z.nullish(z.string()) })),
  }),
  parents: z.array(z.object({ sha })),
});

export const ComparisonAnswer = z.object({
  merge_base_commit: Commit,
  total_commits: z.number(),
  commits: z.array(Commit),
});

export const CommitsAnswer = z.array(z.object({ sha }));

export const Created = z.object({ sha });

export const PullAnswer = z.object({
  number: z.number(),
  html_url: z.string(),
  state: z.string(),
  merged_at: z.nullish(z.string()),
  closed_at: z.nullish(z.string()),
  created_at: z.string(),
  title: z.string(),
  body: z.nullish(z.string()),
  labels: z.optional(z.array(z.object({ name: z.nullish(z.string()) }))),
  requested_reviewers: z.nullish(z.array(z.object({ login: z.optional(z.string()) }))),
  requested_teams: z.nullish(z.array(z.object({ slug: z.string() }))),
  head: z.object({ ref: z.string(), sha, repo: z.nullish(Repository) }),
  base: z.object({ ref: z.string(), repo: z.nullish(Repository) }),
  /** Only where one is asked for alone. */
  mergeable_state: z.optional(z.string()),
});

export const PullsAnswer = z.array(PullAnswer);

export const CheckRunsAnswer = z.object({
  total_count: z.number(),
  check_runs: z.array(
    z.object({ name: z.string(), head_sha: sha, status: z.string(), conclusion: z.nullish(z.string()) }),
  ),
});

export const CommentsAnswer = z.array(
  z.object({ id: z.number(), body: z.nullish(z.string()), user: z.nullish(z.object({ login: z.string() })) }),
);

export const CommentAnswer = z.object({ id: z.number() });

export const IssueAnswer = z.object({
  closed_by: z.nullish(z.object({ login: z.string(), type: z.optional(z.string()) })),
});

export const EventsAnswer = z.array(
  z.object({
    event: z.string(),
    label: z.nullish(z.object({ name: z.nullish(z.string()) })),
    requested_reviewer: z.nullish(z.object({ login: z.string() })),
    requested_team: z.nullish(z.object({ slug: z.string() })),
  }),
);

const NAMES = new Map<unknown, string>([
  [BranchAnswer, "a branch"],
  [RepositoryAnswer, "the repository"],
  [RefsAnswer, "refs"],
  [TreeAnswer, "a tree"],
  [ComparisonAnswer, "a comparison"],
  [CommitsAnswer, "commits"],
  [Created, "a new object"],
  [PullAnswer, "a pull request"],
  [PullsAnswer, "pull requests"],
  [CheckRunsAnswer, "check runs"],
  [CommentsAnswer, "comments"],
  [CommentAnswer, "a comment"],
  [IssueAnswer, "an issue"],
  [EventsAnswer, "an issue's events"],
]);

/** @throws SyncError `github-unavailable`: GitHub answered with something else, which passes */
export async function expectAnswer<T>(
  schema: z.ZodMiniType<T>,
  answer: Promise<{ readonly data: unknown }>,
): Promise<T> {
  const { data } = await answer;
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") || "all of it";
  const what = NAMES.get(schema) ?? "a question";
  throw new SyncError("github-unavailable", `GitHub's answer about ${what} lacks what it should have (${where}).`);
}
