/**
 * How often GitHub's webhook makes this isolate look: a burst of deliveries is one look at once and one after it, and a
 * delivery that was taken already is none. What an isolate does not know the bucket of runs bounds.
 */

/** Outlives an invocation. */
export interface Pace {
  /** When each subject was looked at last, or will be (ms since the epoch). */
  readonly looks: Map<string, number>;
  /** When each delivery came, by its signature, oldest first. */
  readonly taken: Map<string, number>;
}

export function createPace(): Pace {
  return { looks: new Map(), taken: new Map() };
}

const APART_MS = 10_000;
const REMEMBERED_MS = 60_000;

/** Whether this very delivery came before, within a minute. */
export function isRepeated(signature: string, { taken }: Pace, now: number): boolean {
  for (const [known, at] of taken) {
    // One of the future comes from a clock that ran ahead.
    if (now - at < REMEMBERED_MS && at <= now) break;
    taken.delete(known);
  }
  if (taken.has(signature)) return true;
  taken.set(signature, now);
  return false;
}

/**
 * @returns in how many milliseconds to look; `null` when a look that is yet to come sees it as well
 */
export function whenToLook(subject: string, { looks }: Pace, now: number): number | null {
  const last = looks.get(subject);
  if (last === undefined || Math.abs(now - last) > APART_MS) {
    looks.set(subject, now);
    return 0;
  }
  if (last > now) return null;
  looks.set(subject, last + APART_MS);
  return last + APART_MS - now;
}
