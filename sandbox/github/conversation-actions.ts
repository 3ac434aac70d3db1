import { addComment, addLabels, removeLabels, requestReviews, submitReview, withdrawRequests } from "./conversation.ts";
import { noteVersion } from "./lag.ts";
import { PAT } from "./people.ts";
import { findPull, type PullRef } from "./pull-actions.ts";
import type { Account, GitHubState, Pull, Review } from "./state.ts";

/** What people say on pull requests, and who they ask. Who they are is Pat, unless it is said. */
export interface ConversationActions {
  comment(options: PullRef & { body: string; by?: Account }): void;
  addLabels(options: PullRef & { labels: readonly string[]; by?: Account }): void;
  removeLabels(options: PullRef & { labels: readonly string[]; by?: Account }): void;
  requestReviewers(options: PullRef & Asked & { by?: Account }): void;
  removeReviewers(options: PullRef & Asked & { by?: Account }): void;
  /** Ends the request for it, and leaves no event that says so. */
  submitReview(options: PullRef & { by: Account; state?: Review["state"] }): void;
}

export interface Asked {
  readonly reviewers?: readonly string[];
  readonly teams?: readonly string[];
}

export function conversationActions(state: GitHubState): ConversationActions {
  const change = (options: PullRef, act: (pull: Pull) => void): void => {
    const { repository, pull } = findPull(state, options);
    act(pull);
    noteVersion(state, repository);
  };
  return {
    comment: ({ body, by = PAT, ...options }) => change(options, (pull) => void addComment(state, pull, { body, by })),
    addLabels({ labels, by = PAT, ...options }) {
      const { repository } = findPull(state, options);
      change(options, (pull) => addLabels(state, repository, pull, { labels, by }));
    },
    removeLabels: ({ labels, by = PAT, ...options }) =>
      change(options, (pull) => removeLabels(state, pull, { labels, by })),
    requestReviewers: ({ reviewers = [], teams = [], by = PAT, ...options }) =>
      change(options, (pull) => requestReviews(state, pull, { reviewers, teams, by })),
    removeReviewers: ({ reviewers = [], teams = [], by = PAT, ...options }) =>
      change(options, (pull) => withdrawRequests(state, pull, { reviewers, teams, by })),
    submitReview: ({ by, state: verdict = "APPROVED", ...options }) =>
      change(options, (pull) => submitReview(state, pull, { by, verdict })),
  };
}
