/**
 * What a soak counted.
 */
export interface Tally {
  ticks: number;
  runs: number;
  polls: number;
  checks: number;
  quietPeriods: number;
  /** Most of a day, and in all. */
  readonly most: Record<string, number>;
  readonly total: Record<string, number>;
  /** What a day had too much of. */
  readonly overBudget: string[];
  /** How often each was done, or lasted. */
  readonly deeds: Record<string, number>;
  readonly outcomes: Record<string, number>;
  /** How repositories were when all was quiet. */
  readonly rests: Record<string, number>;
}

export function createTally(): Tally {
  const none = { ticks: 0, runs: 0, polls: 0, checks: 0, quietPeriods: 0 };
  return { ...none, most: {}, total: {}, overBudget: [], deeds: {}, outcomes: {}, rests: {} };
}

export function count(counts: Record<string, number>, name: string, times = 1): void {
  counts[name] = (counts[name] ?? 0) + times;
}

export function noteDay({ most, total }: Tally, day: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(day)) {
    most[name] = Math.max(most[name] ?? 0, value);
    count(total, name, value);
  }
}

export function printTally(tally: Tally): string {
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .toSorted(([, left], [, right]) => right - left)
      .map(([name, value]) => `${value} ${name}`)
      .join(", ");
  const { ticks, runs, polls, checks, quietPeriods, most, total, deeds, outcomes, rests } = tally;
  return [
    `${ticks} ticks, ${runs} runs, ${polls} polls, ${quietPeriods} quiet periods, ${checks} checks`,
    `most in a day: ${list(most)}`,
    `in all: ${list(total)}`,
    `outcomes: ${list(outcomes)}`,
    `at rest: ${list(rests)}`,
    `deeds: ${list(deeds)}`,
  ].join("\n  ");
}
