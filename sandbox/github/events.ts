import { type Account, type GitHubState, type Pull, takeId } from "./state.ts";

/**
 * What happened to a pull request, as GitHub keeps it:
 * https://docs.github.com/en/rest/using-the-rest-api/issue-event-types
 */
export type IssueChange =
  | { readonly event: "labeled" | "unlabeled"; readonly label: string }
  | { readonly event: "review_requested" | "review_request_removed"; readonly reviewer: Reviewer }
  | { readonly event: "closed" | "merged" | "head_ref_force_pushed"; readonly commit: string | null }
  | { readonly event: "renamed"; readonly from: string; readonly to: string }
  | { readonly event: "locked"; readonly reason: string | null }
  | {
      readonly event:
        | "reopened"
        | "unlocked"
        | "convert_to_draft"
        | "ready_for_review"
        | "head_ref_deleted"
        | "head_ref_restored"
        | "base_ref_changed";
    };

export type Reviewer = { readonly login: string } | { readonly team: string };

export type IssueEvent = IssueChange & {
  readonly id: number;
  readonly actor: Account | null;
  readonly createdAt: number;
};

/** Writes a change down, at this moment, and moves `updated_at`. */
export function recordEvent(state: GitHubState, pull: Pull, actor: Account | null, change: IssueChange): void {
  const createdAt = state.now();
  pull.events.push({ ...change, id: takeId(state), actor, createdAt });
  pull.updatedAt = createdAt;
}
