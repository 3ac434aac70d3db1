import { DAY_MINUTES, type Month } from "./month-state.ts";
import { noteDay } from "./tally.ts";

/** Counts what the day cost, and begins the next. */
export function endDay(month: Month): void {
  const { world, tally, minute } = month;
  const { kv, traffic } = world;
  const state = kv.values.get("state")?.value.length ?? 0;
  noteDay(tally, {
    "KV writes": kv.counts.writes,
    "KV reads": kv.counts.reads,
    "KV lists": kv.counts.lists,
    "KV deletes": kv.counts.deletes,
    "refused by KV": kv.refused,
    "GitHub calls": traffic.github,
    "GitHub writes": traffic.writes,
    "PRIMARY calls": traffic.primary,
    messages: traffic.messages,
    "requests of one invocation": world.mostRequests,
    "characters of state": state,
  });
  expectBudget(month, "KV writes", kv.counts.writes, 1000);
  expectBudget(month, "KV lists", kv.counts.lists, 1000);
  expectBudget(month, "KV deletes", kv.counts.deletes, 1000);
  expectBudget(month, "KV reads", kv.counts.reads, 100_000);
  expectBudget(month, "requests of one invocation", world.mostRequests, 50);
  world.startDay();
  world.takeLogs();
  month.onDay?.(minute / DAY_MINUTES);
}

/** Of Workers Free. A day that is over it does not end the month, and fails it. */
function expectBudget({ tally, minute }: Month, what: string, times: number, most: number): void {
  tally.checks++;
  if (times > most) tally.overBudget.push(`day ${minute / DAY_MINUTES}: ${times} ${what}, and ${most} are free`);
}
