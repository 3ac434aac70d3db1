/**
 * What a run asks of one repository. Types only.
 */
import type { Category, CategoryName } from "../categories.ts";
import type { Logger } from "../core/log.ts";
import type { Policy } from "./decision.ts";
import type { Wishes } from "./decoration.ts";
import type { Guard } from "./judge-category.ts";
import type { RepositoryMemory } from "./memory.ts";
import type { PrimaryAnswer, RepositoryPorts } from "./ports.ts";
import type { RequestShare } from "./request-budget.ts";
import type { Stamps } from "./stamps.ts";

export interface RepositoryTask {
  /** `owner/name` */
  readonly repository: string;
  /** For people: `https://github.com/owner/name`. */
  readonly repositoryUrl: string;
  /** Of the service's own page, for links. */
  readonly statusUrl: string | null;
  readonly baseBranch: string;
  /** All configured categories of this repository. */
  readonly categories: readonly Category[];
  /** Every category there is of it: what the branch changes is told, also when it is not configured any more. */
  readonly known: readonly Category[];
  /** Those asked for; others are looked at only when the open pull request already changes them. */
  readonly requested: readonly CategoryName[];
  readonly ports: RepositoryPorts;
  readonly primary: PrimarySide;
  readonly policy: Omit<Policy, "isForced">;
  readonly guard: Guard;
  readonly wishes: Wishes;
  readonly ignoredAuthors: readonly string[];
  readonly isDryRun: boolean;
  readonly memory: RepositoryMemory;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** From when the back-off of a category counts (ms since the epoch). */
  readonly dueAt: number;
  /** Of those that the run may make: another try that would be more is left to the next run. */
  readonly requests: RequestShare;
  readonly log: Logger;
}

export interface PrimarySide {
  readonly url: string;
  /** Digest of its address. */
  readonly source: string;
  readonly lastUpdated: number | null;
  /** PRIMARY's answer of this moment. */
  readonly read: (category: CategoryName) => Promise<PrimaryAnswer>;
  /** The same answer at every call; `null` when every category has to be read. Never rejects. */
  readonly readStamps: () => Promise<Stamps>;
  /** Whether a category whose stamp did not move may be skipped, and one that failed lately is left alone. */
  readonly trustStamps: boolean;
}
