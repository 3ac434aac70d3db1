/**
 * What a run is asked for, and what it is given. Types only.
 */
import type { CategoryName, RepositoryRole } from "../categories.ts";
import type { Config } from "../config/config.ts";
import type { RateLimit, Report, RepositoryReport, Trigger } from "../contract/report.ts";
import type { Logger } from "../core/log.ts";
import type { RepositoryMemory } from "./memory.ts";
import type { PrimaryPort, RepositoryPorts } from "./ports.ts";
import type { RequestBudget } from "./request-budget.ts";

export interface RunRequest {
  readonly id: string;
  readonly trigger: Trigger;
  /** Categories to look at; `null` means all configured ones. */
  readonly categories: readonly CategoryName[] | null;
  readonly isDryRun: boolean;
  readonly isForced: boolean;
  /**
   * The digest of the changes that the force is for (see `digestOf`), where one category was asked for: if they are
   * others now, it is held.
   */
  readonly expected?: string | null;
  /** When a tick was due (ms since the epoch), from which back-offs count. Default: now. */
  readonly dueAt?: number;
  /** The run before did not settle everything, so that nothing is taken on trust; it may have been a reconcile. */
  readonly isRetry?: boolean;
}

export interface RunContext {
  readonly config: Config;
  readonly primary: PrimaryPort;
  readonly repositories: Readonly<Record<RepositoryRole, RepositoryPorts>>;
  readonly memory: Readonly<Record<string, RepositoryMemory>>;
  /** PRIMARY's timestamp of the last settled run. */
  readonly previous: number | null;
  /** The latest report of each repository. */
  readonly latest: readonly RepositoryReport[];
  readonly requests: () => Report["requests"];
  /** How many of those to GitHub were for one of the repositories. */
  readonly requestsTo: (role: RepositoryRole) => number;
  /** Of the requests that it may make. */
  readonly budget: RequestBudget;
  /** What GitHub's last answer said is left, if it said so. */
  readonly rateLimit?: () => RateLimit | null;
  readonly now: () => number;
  readonly log: Logger;
}
