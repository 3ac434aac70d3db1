/**
 * What people, PRIMARY, GitHub, KV and the platform do by chance.
 */
import type { Touched } from "../../src/service/watch.ts";
import { chooseWeighted, PERSON_DEEDS } from "../faults/person-deeds.ts";
import { KV_DEEDS } from "./kv-deeds.ts";
import { attempt, type Month, noteReport, stamp } from "./month-state.ts";
import { PRIMARY_DEEDS } from "./primary-deeds.ts";
import { count } from "./tally.ts";
import { TROUBLES } from "./troubles.ts";
import { SYNCED } from "./world.ts";

/** What is done in a minute. */
export async function disturb(month: Month): Promise<void> {
  const { world, places, next, tally } = month;
  const { random } = world;
  if (random.below(12) === 0) {
    const place = random.chance(60) ? places[0] : places[1];
    const deed = chooseWeighted(PERSON_DEEDS, random);
    if (place !== undefined)
      attempt(month, deed.name, () => month.kept.get(place.repository)?.during(deed.leaves, () => deed.act(place)));
    if (random.chance(30)) await hear(month, random.pick(["image", "text"]), random.pick(["base", "branch"]));
  }
  if (random.below(25) === 0) {
    const deed = chooseWeighted(PRIMARY_DEEDS, random);
    attempt(month, deed.name, () => deed.act(world, next));
  }
  if (random.below(300) === 0) {
    const deed = chooseWeighted(KV_DEEDS, random);
    attempt(month, deed.name, () => deed.act(world, next));
    month.isFailing = null;
    month.forgottenAt = month.minute;
  }
  if (random.below(90) === 0 && month.troubles.length < 3) beginTrouble(month);
  if (random.below(200) === 0) {
    const categories = random.chance(50) ? null : [random.pick(SYNCED)];
    const request = {
      trigger: "manual",
      categories,
      isDryRun: random.chance(20),
      isForced: random.chance(40),
    } as const;
    count(tally.deeds, "somebody asks for a run");
    noteReport(month, "by hand", await world.invoke(({ service }) => service.sync(request)));
    month.isFailing = null;
  }
}

/** GitHub's webhook, of what was done or of something else, as it comes. */
async function hear(month: Month, role: Touched["role"], where: Touched["where"]): Promise<void> {
  count(month.tally.deeds, "GitHub tells of a deed");
  noteReport(month, "as told", await month.world.invoke(({ service }) => service.hear({ role, where })));
  month.isFailing = null;
}

function beginTrouble(month: Month): void {
  const { world, minute, without } = month;
  const running = month.troubles.map(({ trouble }) => trouble.name);
  const trouble = chooseWeighted(TROUBLES, world.random);
  if (running.includes(trouble.name) || without.includes(trouble.name)) return;
  const [least, most] = trouble.minutes;
  const until = minute + least + world.random.below(most - least);
  month.troubles.push({ trouble, since: minute, until, end: trouble.begin(world) });
  count(month.tally.deeds, trouble.name);
  month.log.push(`${stamp(month)} ${trouble.name}, for ${until - minute} minutes`);
  month.isFailing = null;
}

/** Troubles whose time is over end, and runs that were held up go on. @param isAll whatever their time */
export async function endWhatIsOver(month: Month, isAll = false): Promise<void> {
  const { minute } = month;
  const over = month.troubles.filter(({ until }) => isAll || until <= minute);
  for (const { end, trouble } of over) {
    end();
    month.isFailing = null;
    month.log.push(`${stamp(month)} no more: ${trouble.name}`);
  }
  month.troubles = month.troubles.filter(({ until }) => !isAll && until > minute);
  const free = month.held.filter(({ until }) => isAll || until <= minute);
  month.held = month.held.filter(({ until }) => !isAll && until > minute);
  for (const { letGo } of free) letGo();
  if (free.length > 0) month.isFailing = null;
  await Promise.all(free.map(({ end }) => end));
}
