import type { Month } from "./month-state.ts";
import { PAUSE_KEY } from "./troubles.ts";
import { readHealth, readStatus } from "./views.ts";

/** A monitor: the page answers, and says that it fails while it does. */
export async function poll(month: Month): Promise<void> {
  const { world, tally, minute } = month;
  tally.polls++;
  const status = await readStatus(world);
  const reasons = await readHealth(world);
  const canKnow = status !== null && !world.kv.isStale && minute - month.refusedAt > 65 && world.clock.skewMs === 0;
  if (!canKnow || world.settings.size > 0 || world.kv.values.has(PAUSE_KEY) || month.held.length > 0) return;
  const says = status.state === "failing" || status.state === "degraded";
  if (month.isFailing === true && !says) throw new Error(`The last run failed, and the page says ${status.state}.`);
  tally.checks++;
  for (const { trouble, since } of month.troubles) {
    if (trouble.hidesTimestamp !== true) continue;
    const minutes = minute - Math.max(since, month.forgottenAt);
    if (minutes > 5 && !says) throw new Error(`${trouble.name}, and the page says ${status.state}.`);
    if (minutes > 25 && reasons.length === 0) throw new Error(`${trouble.name}, and /healthz is well.`);
    tally.checks += 2;
  }
}
