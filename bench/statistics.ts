/** Several measurements of one thing. */
export interface Figure {
  readonly median: number;
  /** Half the distance between the quartiles: half of all measurements lie about this close to the median. */
  readonly spread: number;
  readonly samples: number;
}

export function summarize(samples: readonly number[]): Figure {
  const sorted = samples.toSorted((a, b) => a - b);
  const spread = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2;
  return { median: quantile(sorted, 0.5), spread, samples: sorted.length };
}

/** @param sorted ascending; between two values it is interpolated; `NaN` when there are none */
export function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const low = sorted[Math.floor(position)] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? Number.NaN;
  return low + (high - low) * (position - Math.floor(position));
}

/**
 * How many round trips follow one another: the most requests of which each began after the one before had ended.
 * With a latency that dwarfs everything else, that is what the run waited for.
 */
export function longestChain(calls: readonly { readonly startedAt: number; readonly endedAt: number }[]): number {
  let length = 0;
  let endedAt = Number.NEGATIVE_INFINITY;
  for (const call of calls.toSorted((a, b) => a.endedAt - b.endedAt)) {
    if (call.startedAt < endedAt) continue;
    length += 1;
    endedAt = call.endedAt;
  }
  return length;
}
