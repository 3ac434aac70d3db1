/**
 * Pull requests, their decoration and their comments, over GitHub's REST API. Does I/O.
 */
import * as z from "zod/mini";
import type { Comment, CommentPort, DecorationPort, Ornament, PullRequest, PullRequestPort } from "../sync/ports.ts";
import type { GitHubClient } from "./client.ts";
import type { RepositoryName } from "./git.ts";
import { isRefused, orNull } from "./outcomes.ts";

const PAGE = 100;

export function createPullRequests(github: GitHubClient, name: RepositoryName): PullRequestPort {
  return {
    /**
     * `head` needs its owner: without it GitHub ignores the filter. A fork in the same organisation has the same owner,
     * so that its pull requests are sorted out here.
     * @see https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
     */
    async list(head) {
      const filter = { head: `${name.owner}:${head}`, sort: "created", direction: "desc", per_page: PAGE } as const;
      const { data } = await github.rest.pulls.list({ ...name, ...filter, state: "all" });
      // An open one may be older than all of a full page.
      const isOpenAmong = data.some(({ state }) => state === "open");
      const open =
        data.length < PAGE || isOpenAmong
          ? []
          : (await github.rest.pulls.list({ ...name, ...filter, state: "open" })).data;
      return [...open, ...data].filter((raw) => isFrom(raw, name, head)).map(toPullRequest);
    },

    /** @see https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request */
    async get(number) {
      const answer = await orNull(github.rest.pulls.get({ ...name, pull_number: number }), 404);
      return answer === null ? null : toPullRequest(answer.data);
    },

    /** @see https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request */
    async open(request) {
      const opened = github.rest.pulls.create({ ...name, ...request });
      if (await isRefused(opened, 422, /already exists|no commits between/i)) return null;
      return toPullRequest((await opened).data);
    },

    /** @see https://docs.github.com/en/rest/pulls/pulls#update-a-pull-request */
    async update(number, change) {
      return toPullRequest((await github.rest.pulls.update({ ...name, pull_number: number, ...change })).data);
    },
  };
}

export function createDecoration(github: GitHubClient, name: RepositoryName): DecorationPort {
  return {
    async add(number, ornaments) {
      const of = (kind: Ornament["kind"]) => ornaments.flatMap((one) => (one.kind === kind ? [one.name] : []));
      const [labels, reviewers, teams] = [of("label"), of("reviewer"), of("team")];
      /** @see https://docs.github.com/en/rest/issues/labels#add-labels-to-an-issue */
      if (labels.length > 0) await github.rest.issues.addLabels({ ...name, issue_number: number, labels });
      if (reviewers.length + teams.length === 0) return;
      const asked = {
        ...(reviewers.length === 0 ? {} : { reviewers }),
        ...(teams.length === 0 ? {} : { team_reviewers: teams }),
      };
      /** @see https://docs.github.com/en/rest/pulls/review-requests#request-reviewers-for-a-pull-request */
      await github.rest.pulls.requestReviewers({ ...name, pull_number: number, ...asked });
    },

    /** @see https://docs.github.com/en/rest/issues/events#list-issue-events */
    async events(number) {
      const events = [];
      for (let page = 1; ; page++) {
        const next = page === 1 ? {} : { page };
        const { data } = await github.rest.issues.listEvents({
          ...name,
          issue_number: number,
          per_page: PAGE,
          ...next,
        });
        for (const event of data) events.push(...toOrnamentEvents(event));
        if (data.length < PAGE) return events;
      }
    },
  };
}

const EVENT_KINDS: Readonly<Record<string, "added" | "removed">> = {
  labeled: "added",
  unlabeled: "removed",
  review_requested: "added",
  review_request_removed: "removed",
};

const OrnamentEvent = z.object({
  event: z.string(),
  label: z.optional(z.nullable(z.object({ name: z.optional(z.nullable(z.string())) }))),
  requested_reviewer: z.optional(z.nullable(z.object({ login: z.string() }))),
  requested_team: z.optional(z.nullable(z.object({ slug: z.string() }))),
});

function toOrnamentEvents(raw: unknown): { readonly ornament: Ornament; readonly kind: "added" | "removed" }[] {
  const parsed = OrnamentEvent.safeParse(raw);
  if (!parsed.success) return [];
  const { event, label, requested_reviewer, requested_team } = parsed.data;
  const kind = EVENT_KINDS[event];
  if (kind === undefined) return [];
  const met: readonly (Ornament | null)[] = [
    label?.name == null ? null : { kind: "label", name: label.name },
    requested_reviewer == null ? null : { kind: "reviewer", name: requested_reviewer.login },
    requested_team == null ? null : { kind: "team", name: requested_team.slug },
  ];
  return met.flatMap((ornament) => (ornament === null ? [] : [{ ornament, kind }]));
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

    /**
     * `pulls` does not tell it, `issues` does.
     * @see https://docs.github.com/en/rest/issues/issues#get-an-issue
     */
    async closedBy(number) {
      const { closed_by: closer } = (await github.rest.issues.get({ ...name, issue_number: number })).data;
      return closer == null ? null : { login: closer.login, isBot: closer.type === "Bot" };
    },
  };
}

interface RawPullRequest {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly merged_at: string | null;
  readonly closed_at: string | null;
  readonly created_at: string;
  readonly title: string;
  readonly body: string | null;
  readonly labels?: readonly { readonly name?: string | null }[];
  readonly requested_reviewers?: readonly { readonly login?: string }[] | null;
  readonly requested_teams?: readonly { readonly slug: string }[] | null;
  readonly head: { readonly ref: string; readonly sha: string; readonly repo: { readonly full_name: string } | null };
  readonly base: { readonly ref: string; readonly repo?: { readonly full_name: string } | null };
}

/** A pull request whose fork was deleted has no repository, and so is not from this one. */
function isFrom({ head, base }: RawPullRequest, { owner, repo }: RepositoryName, branch: string): boolean {
  const here = base.repo?.full_name ?? `${owner}/${repo}`;
  return head.ref === branch && head.repo?.full_name.toLowerCase() === here.toLowerCase();
}

function toPullRequest(raw: RawPullRequest): PullRequest {
  const state = raw.merged_at !== null ? "merged" : raw.state === "open" ? "open" : "closed";
  const isOpen = state === "open";
  return {
    number: raw.number,
    url: raw.html_url,
    openedAt: raw.created_at,
    state,
    endedAt: isOpen ? null : (raw.merged_at ?? raw.closed_at),
    endedHead: isOpen ? null : raw.head.sha,
    base: raw.base.ref,
    title: raw.title,
    body: raw.body ?? "",
    labels: (raw.labels ?? []).flatMap(({ name }) => name ?? []),
    reviewers: (raw.requested_reviewers ?? []).flatMap(({ login }) => login ?? []),
    teams: (raw.requested_teams ?? []).map(({ slug }) => slug),
  };
}
