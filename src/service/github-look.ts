/**
 * The short look at what waits on GitHub, and what it tells the state.
 */
import type { RepositoryRole } from "../category-names.ts";
import { describeError } from "../core/errors.ts";
import { hasNews, withSights } from "../state/sights.ts";
import type { SyncState } from "../state/store.ts";
import { lookAtBranch, type Sight, waitsOnGitHub } from "../sync/glimpse.ts";
import { EMPTY_MEMORY } from "../sync/memory.ts";
import type { Ports } from "./connect.ts";
import type { ServiceOptions } from "./options.ts";
import { isFirstIn } from "./schedule.ts";

export interface Looked {
  /** Something happened that a run has to see to. */
  readonly hasChanged: boolean;
  readonly state: SyncState;
  /** It says something new, and is still to be saved. */
  readonly isNews: boolean;
}

/** How often checks are asked for that were not there. */
const THOROUGH_SECONDS = 30 * 60;

/** A failure counts as a change: the run fails in the same way, and reports it. */
export async function lookAtGitHub(
  roles: readonly RepositoryRole[],
  state: SyncState,
  ports: Ports,
  options: ServiceOptions,
): Promise<Looked> {
  const { config, clock, log } = options;
  const sights = new Map<string, Sight>();
  const isThorough = isFirstIn(THOROUGH_SECONDS, clock.now(), Math.max(60, config.watch.githubCheckSeconds));
  try {
    const looks = roles.map(async (role) => {
      const { owner, name } = config.repositories[role];
      const last = state.repositories.find(({ repository }) => repository === `${owner}/${name}`);
      if (last === undefined || !waitsOnGitHub(last)) return;
      // Read only here, as to check the memory costs more than the rest of a quiet tick.
      const memory = state.memory[last.repository] ?? EMPTY_MEMORY;
      // One that failed has a next attempt of its own.
      const sight =
        memory.retry === undefined
          ? await lookAtBranch(last, memory, (await ports.repositories())[role], isThorough)
          : null;
      if (sight !== null) sights.set(last.repository, sight);
    });
    await Promise.all(looks);
  } catch (error) {
    log.warn("github.look-failed", describeError(error));
    return { hasChanged: true, state, isNews: false };
  }
  const seen = withSights(state, sights, new Date(clock.now()).toISOString());
  const hasChanged = [...sights.values()].some((sight) => sight.hasChanged);
  return { hasChanged, state: seen, isNews: hasNews(state, seen) };
}
