/**
 * What is to be done about a repository, and what is made known of it. Types only.
 */
import type { RepositoryOutcome } from "../contract/report.ts";
import type { Ornament, PullRequest, TreeContent } from "./ports.ts";
import type { Remark } from "./remarks.ts";

export type Action =
  | {
      readonly kind: "commit";
      /** The tree whose other entries are kept. */
      readonly baseTree: string;
      readonly entries: ReadonlyMap<string, TreeContent>;
      readonly parents: readonly string[];
      /** Without trailers. */
      readonly text: string;
      readonly fingerprint: string;
    }
  /** To the commit that was just made. */
  | { readonly kind: "create-ref"; readonly branch: string }
  | { readonly kind: "move-ref"; readonly branch: string }
  | { readonly kind: "open-pull"; readonly title: string; readonly body: string }
  | { readonly kind: "edit-pull"; readonly pull: PullRequest; readonly title?: string; readonly body?: string }
  /** Lost when the branch is no longer at this commit. */
  | { readonly kind: "expect-ref"; readonly commit: string }
  /** Lost when it was merged or closed meanwhile. */
  | { readonly kind: "confirm-pull"; readonly pull: PullRequest }
  /** `null`: the pull request that was just opened. */
  | { readonly kind: "decorate"; readonly pull: PullRequest | null; readonly ornaments: readonly Ornament[] }
  | { readonly kind: "remark"; readonly pull: PullRequest; readonly remark: Remark }
  | { readonly kind: "close-pull"; readonly pull: PullRequest; readonly body: string }
  /** If the branch is still at this commit. */
  | { readonly kind: "delete-ref"; readonly commit: string };

export interface Decision {
  readonly outcome: Exclude<RepositoryOutcome, "planned" | "conflict" | "failed">;
  readonly actions: readonly Action[];
  /** The pull request to tell of; one that is opened now takes its place. */
  readonly pull: PullRequest | null;
}

export interface Policy {
  readonly publish: "pull-request" | "commit";
  readonly minChanges: number;
  readonly isForced: boolean;
}
