/**
 * Pull requests, their decoration and their comments, over GitHub's REST API. Does I/O.
 */
import { describeError, SyncError } from "../core/errors.ts";
import type { Comment, CommentPort, PullRequest, PullRequestPort } from "../sync/ports.ts";
import type { GitHubClient } from "./client.ts";
import type { RepositoryName } from "./git.ts";
import { isRefused, orNull } from "./outcomes.ts";

export interface Decoration {
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  /** A team's slug. */
  readonly team: string | null;
}

const PAGE = 100;

export function createPullRequests(
  github: GitHubClient,
  name: RepositoryName,
  decoration: Decoration,
): PullRequestPort {
  return {
    /**
     * `head` needs its owner: without it GitHub ignores the filter.
     * @see https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
     */
    async latest(head, base) {
      const filter = { head: `${name.owner}:${head}`, base, state: "all", sort: "created", direction: "desc" } as const;
      const { data } = await github.rest.pulls.list({ ...name, ...filter, per_page: 10 });
      const newest = data.find(({ state }) => state === "open") ?? data[0];
      return newest === undefined ? null : toPullRequest(newest);
    },

    /** @see https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request */
    async open(request) {
      const opened = github.rest.pulls.create({ ...name, ...request });
      if (await isRefused(opened, 422, /already exists|no commits between/i)) return null;
      return toPullRequest({ ...(await opened).data, merged_at: null });
    },

    /** @see https://docs.github.com/en/rest/pulls/pulls#update-a-pull-request */
    async update(number, change) {
      return toPullRequest((await github.rest.pulls.update({ ...name, pull_number: number, ...change })).data);
    },

    decorate: (number) => decorate(github, name, number, decoration),
  };
}

export function createComments(github: GitHubClient, name: RepositoryName): CommentPort {
  return {
    /** @see https://docs.github.com/en/rest/issues/comments#list-issue-comments */
    async comments(number) {
      const comments: Comment[] = [];
      for (let page = 1; ; page++) {
        const next = page === 1 ? {} : { page };
        const request = { ...name, issue_number: number, per_page: PAGE, ...next };
        const { data } = await github.rest.issues.listComments(request);
        for (const { id, body } of data) comments.push({ id: Number(id), body: body ?? "" });
        if (data.length < PAGE) return comments;
      }
    },

    /** @see https://docs.github.com/en/rest/issues/comments#create-an-issue-comment */
    async comment(number, body) {
      return Number((await github.rest.issues.createComment({ ...name, issue_number: number, body })).data.id);
    },

    /** @see https://docs.github.com/en/rest/issues/comments#delete-an-issue-comment */
    async removeComment(id) {
      await orNull(github.rest.issues.deleteComment({ ...name, comment_id: id }), 404);
    },
  };
}

interface RawPullRequest {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly merged_at: string | null;
  readonly title: string;
  readonly body: string | null;
  readonly created_at: string;
  readonly updated_at?: string;
  readonly labels?: readonly unknown[];
  readonly requested_reviewers?: readonly unknown[] | null;
  readonly requested_teams?: readonly unknown[] | null;
  readonly head: { readonly sha: string };
}

function toPullRequest(raw: RawPullRequest): PullRequest {
  const state = raw.merged_at !== null ? "merged" : raw.state === "open" ? "open" : "closed";
  return {
    number: raw.number,
    url: raw.html_url,
    openedAt: raw.created_at,
    isUntouched: isUntouched(raw),
    state,
    headSha: raw.head.sha,
    title: raw.title,
    body: raw.body ?? "",
  };
}

/** Any label, comment, edit or push moves `updated_at`, to the second. */
function isUntouched(raw: RawPullRequest): boolean {
  const marks = [raw.labels, raw.requested_reviewers, raw.requested_teams];
  return raw.created_at === raw.updated_at && marks.every((mark) => (mark ?? []).length === 0);
}

/** Nothing here may fail a run: the pull request stands, and each refusal is told. */
async function decorate(
  github: GitHubClient,
  name: RepositoryName,
  number: number,
  decoration: Decoration,
): Promise<string[]> {
  const warnings: string[] = [];
  const attempt = async (what: string, call: Promise<unknown>): Promise<void> => {
    try {
      await call;
    } catch (error) {
      const fate = isUnknown(error) ? "may be missing on" : "could not be added to";
      warnings.push(`${what} ${fate} pull request #${number}: ${describeError(error).message}`);
    }
  };
  const { labels, reviewers, team } = decoration;
  if (labels.length > 0) {
    /** @see https://docs.github.com/en/rest/issues/labels#add-labels-to-an-issue */
    const call = github.rest.issues.addLabels({ ...name, issue_number: number, labels: [...labels] });
    await attempt(`The labels ${labels.join(", ")}`, call);
  }
  /** @see https://docs.github.com/en/rest/pulls/review-requests#request-reviewers-for-a-pull-request */
  const ask = (who: { reviewers?: string[]; team_reviewers?: string[] }) =>
    github.rest.pulls.requestReviewers({ ...name, pull_number: number, ...who });
  if (reviewers.length > 0) {
    const asked = ask({ reviewers: [...reviewers] });
    // One unknown name fails the whole list, and must not cost the others their request.
    if (reviewers.length > 1 && (await isRefused(asked, 422, /./).catch(() => false))) {
      for (const reviewer of reviewers) await attempt(`The reviewer ${reviewer}`, ask({ reviewers: [reviewer] }));
    } else await attempt(`The reviewers ${reviewers.join(", ")}`, asked);
  }
  if (team !== null) await attempt(`The team ${team}`, ask({ team_reviewers: [team] }));
  return warnings;
}

/** No answer came, so that nobody knows whether it was done. */
function isUnknown(error: unknown): boolean {
  return error instanceof SyncError && error.code === "github-unavailable";
}
