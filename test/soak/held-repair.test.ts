/**
 * What a pull request does to db.json is told as long as it does it.
 */
import { expect, it } from "vitest";
import { openPulls } from "../faults/truth.ts";
import { editRecord } from "./primary-deeds.ts";
import { START } from "./soak-clock.ts";
import { RECONCILE, startSoakWorld, WATCH } from "./world.ts";

const REPAIRED = "db.json did not fit models.csv";

async function liveThrough(isHeld: boolean): Promise<string> {
  const world = await startSoakWorld(1);
  const { clock, github, primary, text: repository } = world;
  let minute = 0;
  const pass = async (cron: string) => {
    minute++;
    clock.reach(START + minute * 60_000);
    await world.tick({ cron });
  };
  await pass(WATCH);
  editRecord(world, "text_generation", 1);
  await pass(WATCH);
  await pass(WATCH);
  const db = new TextDecoder().decode(github.readFile({ repository, ref: "main", path: "db.json" }) ?? undefined);
  github.commit({ repository, files: { "db.json": db.replace('"nsfw": false', '"nsfw": true') } });
  await pass(RECONCILE);
  if (isHeld) primary.setCategory("text_generation", "{}");
  await pass(WATCH);
  await pass(RECONCILE);
  const [pull] = openPulls(world, repository);
  await world.close();
  return pull?.body ?? "";
}

it("while PRIMARY says what it did", async () => {
  expect(await liveThrough(false)).toContain(REPAIRED);
});

it("while PRIMARY says something else, which is held", async () => {
  const body = await liveThrough(true);
  expect(body).toContain("which is held");
  expect(body).toContain(REPAIRED);
});
