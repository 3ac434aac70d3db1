import type { Account } from "./conversation-model.ts";

/** What owners and organisations set. */

/** https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets */
export type RuleType =
  | "creation"
  | "update"
  | "deletion"
  | "non_fast_forward"
  | "pull_request"
  | "required_signatures"
  | "required_linear_history"
  | "required_status_checks"
  | "merge_queue";

export interface Rule {
  readonly type: RuleType;
  /** A branch, a pattern such as `sync/*`, or all (the default). */
  readonly branches?: string;
  /** Logins that it does not hold for. */
  readonly bypass?: readonly string[];
  /** The contexts of `required_status_checks`. Default `validate`. */
  readonly checks?: readonly string[];
}

/** Classic branch protection: https://docs.github.com/articles/about-protected-branches/ */
export interface Protection {
  /** Approving reviews that a change needs, which a push never has. */
  readonly reviews?: number;
  readonly checks?: readonly string[];
  /** Logins that may push; without a list everybody who may write may. */
  readonly pushers?: readonly string[];
  /** Nobody may push at all. */
  readonly isLocked?: boolean;
}

/** What an organisation demands of credentials that are right as such. */
export interface Policy {
  /** Tokens of people must be authorised for its single sign-on. */
  readonly needsSso?: boolean;
  /** Only some addresses may come in, and ours is none of them. Anonymous requests for what is public may. */
  readonly hasIpAllowList?: boolean;
  readonly forbidsClassicTokens?: boolean;
  /** How long a fine-grained token may live; those here live longer. */
  readonly maxTokenDays?: number;
}

/** A branch that moves by the API: from nowhere, to nowhere, or both ends known. */
export interface Push {
  readonly branch: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly by: Account;
}

export interface Check {
  readonly name: string;
  /** null while it runs. */
  readonly conclusion:
    | "success"
    | "failure"
    | "neutral"
    | "cancelled"
    | "skipped"
    | "timed_out"
    | "action_required"
    | null;
  readonly at: number;
}
