/**
 * Pull requests, their decoration and their comments, over GitHub's REST API. Does I/O.
 */
import type * as z from "zod/mini";
import type { Comment, CommentPort, DecorationPort, Ornament, PullRequest, PullRequestPort } from "../sync/ports.ts";
import {
  CommentAnswer,
  CommentsAnswer,
  EventsAnswer,
  expectAnswer,
  IssueAnswer,
  PullAnswer,
  PullsAnswer,
} from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import type { CurrentName, RepositoryName } from "./current-name.ts";
import { isRefused, orNull } from "./outcomes.ts";

const PAGE = 100;

export function createPullRequests(github: GitHubClient, name: CurrentName): PullRequestPort {
  return {
    /**
     * `head` needs its owner: without it GitHub ignores the filter. A fork in the same organisation has the same owner,
     * so that its pull requests are sorted out here.
     * @see https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
     */
    async list(head) {
      const filter = { head: `${name().owner}:${head}`, sort: "created", direction: "desc", per_page: PAGE } as const;
      const read = (state: "all" | "open") =>
        expectAnswer(PullsAnswer, github.rest.pulls.list({ ...name(), ...filter, state }));
      const data = await read("all");
      // An open one may be older than all of a full page.
      const isOpenAmong = data.some(({ state }) => state === "open");
      const open = data.length < PAGE || isOpenAmong ? [] : await read("open");
      return [...open, ...data].filter((raw) => isFrom(raw, name(), head)).map(toPullRequest);
    },

    /** @see https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request */
    async get(number, head) {
      const request = { ...name(), pull_number: number };
      const answer = await orNull(expectAnswer(PullAnswer, github.rest.pulls.get(request)), 404);
      return answer !== null && isFrom(answer, name(), head) ? toPullRequest(answer) : null;
    },

    /** @see https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request */
    async open(request) {
      const opened = expectAnswer(PullAnswer, github.rest.pulls.create({ ...name(), ...request }));
      if (await isRefused(opened, 422, /already exists|no commits between/i)) return null;
      return toPullRequest(await opened);
    },

    /** @see https://docs.github.com/en/rest/pulls/pulls#update-a-pull-request */
    async update(number, change) {
      const request = { ...name(), pull_number: number, ...change };
      return toPullRequest(await expectAnswer(PullAnswer, github.rest.pulls.update(request)));
    },
  };
}

export function createDecoration(github: GitHubClient, name: CurrentName): DecorationPort {
  return {
    async add(number, ornaments) {
      const of = (kind: Ornament["kind"]) => ornaments.flatMap((one) => (one.kind === kind ? [one.name] : []));
      const [labels, reviewers, teams] = [of("label"), of("reviewer"), of("team")];
      /** @see https://docs.github.com/en/rest/issues/labels#add-labels-to-an-issue */
      if (labels.length > 0) await github.rest.issues.addLabels({ ...name(), issue_number: number, labels });
      if (reviewers.length + teams.length === 0) return;
      const asked = {
        ...(reviewers.length === 0 ? {} : { reviewers }),
        ...(teams.length === 0 ? {} : { team_reviewers: teams }),
      };
      /** @see https://docs.github.com/en/rest/pulls/review-requests#request-reviewers-for-a-pull-request */
      await github.rest.pulls.requestReviewers({ ...name(), pull_number: number, ...asked });
    },

    /** @see https://docs.github.com/en/rest/issues/events#list-issue-events */
    async events(number) {
      const events = [];
      for (let page = 1; ; page++) {
        const next = page === 1 ? {} : { page };
        const request = {
          ...name(),
          issue_number: number,
          per_page: PAGE,
          ...next,
        };
        const data = await expectAnswer(EventsAnswer, github.rest.issues.listEvents(request));
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

type Event = z.infer<typeof EventsAnswer>[number];

function toOrnamentEvents(raw: Event): { readonly ornament: Ornament; readonly kind: "added" | "removed" }[] {
  const { event, label, requested_reviewer, requested_team } = raw;
  const kind = EVENT_KINDS[event];
  if (kind === undefined) return [];
  const met: readonly (Ornament | null)[] = [
    label?.name == null ? null : { kind: "label", name: label.name },
    requested_reviewer == null ? null : { kind: "reviewer", name: requested_reviewer.login },
    requested_team == null ? null : { kind: "team", name: requested_team.slug },
  ];
  return met.flatMap((ornament) => (ornament === null ? [] : [{ ornament, kind }]));
}

export function createComments(github: GitHubClient, name: CurrentName): CommentPort {
  return {
    /** @see https://docs.github.com/en/rest/issues/comments#list-issue-comments */
    async comments(number) {
      const comments: Comment[] = [];
      for (let page = 1; ; page++) {
        const next = page === 1 ? {} : { page };
        const request = { ...name(), issue_number: number, per_page: PAGE, ...next };
        const data = await expectAnswer(CommentsAnswer, github.rest.issues.listComments(request));
        for (const { id, body, user } of data) comments.push({ id, body: body ?? "", author: user?.login ?? null });
        if (data.length < PAGE) return comments;
      }
    },

    /** @see https://docs.github.com/en/rest/issues/comments#create-an-issue-comment */
    async comment(number, body) {
      const request = { ...name(), issue_number: number, body };
      return (await expectAnswer(CommentAnswer, github.rest.issues.createComment(request))).id;
    },

    /** @see https://docs.github.com/en/rest/issues/comments#delete-an-issue-comment */
    async removeComment(id) {
      await orNull(github.rest.issues.deleteComment({ ...name(), comment_id: id }), 404);
    },

    /**
     * `pulls` does not tell it, `issues` does.
     * @see https://docs.github.com/en/rest/issues/issues#get-an-issue
     */
    async closedBy(number) {
      const request = { ...name(), issue_number: number };
      const { closed_by: closer } = await expectAnswer(IssueAnswer, github.rest.issues.get(request));
      return closer == null ? null : { login: closer.login, isBot: closer.type === "Bot" };
    },
  };
}

type RawPullRequest = z.infer<typeof PullAnswer>;

/** A pull request whose fork was deleted has no repository, and so is not from this one. */
function isFrom({ head, base }: RawPullRequest, { owner, repo }: RepositoryName, branch: string): boolean {
  const here = base.repo?.full_name ?? `${owner}/${repo}`;
  return head.ref === branch && head.repo?.full_name.toLowerCase() === here.toLowerCase();
}

function toPullRequest(raw: RawPullRequest): PullRequest {
  const state = raw.merged_at != null ? "merged" : raw.state === "open" ? "open" : "closed";
  const isOpen = state === "open";
  return {
    number: raw.number,
    url: raw.html_url,
    openedAt: raw.created_at,
    state,
    endedAt: isOpen ? null : (raw.merged_at ?? raw.closed_at ?? null),
    endedHead: isOpen ? null : raw.head.sha,
    base: raw.base.ref,
    ...(raw.mergeable_state === undefined ? {} : { merging: raw.mergeable_state }),
    title: raw.title,
    body: raw.body ?? "",
    labels: (raw.labels ?? []).flatMap(({ name }) => name ?? []),
    reviewers: (raw.requested_reviewers ?? []).flatMap(({ login }) => login ?? []),
    teams: (raw.requested_teams ?? []).map(({ slug }) => slug),
  };
}
