/** What is held as data is what it is made of, and the bundles hold that. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { buildData } from "../scripts/build-data.ts";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const made = await buildData();

it.each(Object.keys(made))("%s is as it is made (else: npm run data)", (path) => {
  expect(read(path)).toBe(made[path]);
});
