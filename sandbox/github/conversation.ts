import { recordEvent } from "./events.ts";
import {
  type Account,
  type Comment,
  type GitHubState,
  type Pull,
  type RepositoryState,
  type Review,
  takeId,
} from "./state.ts";

/** Comments, labels and requests for review, with the events that they leave. */

export function addComment(
  state: GitHubState,
  pull: Pull,
  { body, by }: { readonly body: string; readonly by: Account },
): Comment {
  const now = state.now();
  const comment: Comment = { id: takeId(state), author: by, body, createdAt: now, updatedAt: now };
  pull.comments.push(comment);
  pull.updatedAt = now;
  return comment;
}

interface Labelling {
  readonly labels: readonly string[];
  readonly by: Account;
}

/** A label that the repository does not have is made. One that is there already leaves no event. */
export function addLabels(
  state: GitHubState,
  repository: RepositoryState,
  pull: Pull,
  { labels, by }: Labelling,
): void {
  for (const label of labels) {
    repository.labels.add(label);
    if (pull.labels.has(label)) continue;
    pull.labels.add(label);
    recordEvent(state, pull, by, { event: "labeled", label });
  }
}

export function removeLabels(state: GitHubState, pull: Pull, { labels, by }: Labelling): void {
  for (const label of labels) {
    if (pull.labels.delete(label)) recordEvent(state, pull, by, { event: "unlabeled", label });
  }
}

interface Request {
  readonly reviewers: readonly string[];
  readonly teams: readonly string[];
  readonly by: Account;
}

export function requestReviews(state: GitHubState, pull: Pull, { reviewers, teams, by }: Request): void {
  const isSilent = (login: string) => state.silentReviewers.includes(login);
  for (const login of reviewers) {
    if (pull.reviewers.has(login) || isSilent(login)) continue;
    pull.reviewers.add(login);
    recordEvent(state, pull, by, { event: "review_requested", reviewer: { login } });
  }
  for (const team of teams) {
    if (pull.teams.has(team)) continue;
    pull.teams.add(team);
    recordEvent(state, pull, by, { event: "review_requested", reviewer: { team } });
  }
}

export function withdrawRequests(state: GitHubState, pull: Pull, { reviewers, teams, by }: Request): void {
  for (const login of reviewers) {
    if (!pull.reviewers.delete(login)) continue;
    recordEvent(state, pull, by, { event: "review_request_removed", reviewer: { login } });
  }
  for (const team of teams) {
    if (!pull.teams.delete(team)) continue;
    recordEvent(state, pull, by, { event: "review_request_removed", reviewer: { team } });
  }
}

/** Whoever reviews is not asked any more; of that there is no event of its own. */
export function submitReview(
  state: GitHubState,
  pull: Pull,
  { by, verdict }: { readonly by: Account; readonly verdict: Review["state"] },
): void {
  const submittedAt = state.now();
  pull.reviews.push({ id: takeId(state), author: by, state: verdict, commit: pull.headSha, submittedAt });
  pull.reviewers.delete(by.login);
  pull.updatedAt = submittedAt;
}
