/**
 * What publishing takes, and how it ends. Pure.
 */

import type { RepositoryOutcome } from "../contract/report.ts";
import type { SyncError } from "../core/errors.ts";
import type { MessageInput } from "./message.ts";
import type { HeadState } from "./plan.ts";
import type { Branch, FileShas, PullRequest, RepositoryPorts } from "./ports.ts";

export const SYNC_BRANCH = "sync/model-references";

export interface PublishInput {
  readonly ports: RepositoryPorts;
  readonly base: Branch;
  readonly baseBranch: string;
  readonly baseFiles: FileShas;
  readonly head: HeadState | null;
  readonly pullRequest: PullRequest | null;
  /** Every file of ours that is not held: its wanted SHA. */
  readonly wanted: FileShas;
  /** Texts of wanted files that the repository does not have yet. */
  readonly texts: ReadonlyMap<string, string>;
  readonly message: MessageInput;
}

export type Published =
  | {
      readonly kind: "done";
      readonly outcome: Exclude<RepositoryOutcome, "planned" | "conflict" | "failed">;
      readonly pullRequest: PullRequest | null;
      readonly commit: string | null;
      readonly warnings: readonly string[];
      /** Labels and reviewers were asked for. */
      readonly isDecorated: boolean;
    }
  /** Somebody was faster, or (with a fault) an answer was lost. */
  | { readonly kind: "lost"; readonly why: string; readonly fault?: SyncError };

export type Done = Extract<Published, { kind: "done" }>;

export function done(outcome: Done["outcome"], rest: Partial<Omit<Done, "kind" | "outcome">> = {}): Published {
  return { kind: "done", outcome, pullRequest: null, commit: null, warnings: [], isDecorated: false, ...rest };
}
