/** What is said on a pull request, and what happened to it. */

/** Who did something. GitHub shows `null` for an account that is gone, and sometimes for no reason at all. */
export interface Account {
  readonly login: string;
  readonly type: "User" | "Bot";
}

export interface Comment {
  readonly id: number;
  readonly author: Account;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
}

export interface Review {
  readonly id: number;
  readonly author: Account;
  readonly state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED";
  readonly commit: string;
  readonly submittedAt: number;
}

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
