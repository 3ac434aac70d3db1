/**
 * Small changes of the code's meaning, a few of all that there are, the same for the same seed.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Position } from "@stryker-mutator/api/core";
import type { Logger } from "@stryker-mutator/api/logging";
import { Instrumenter } from "@stryker-mutator/instrumenter";
import type { Random } from "../../sandbox/generate/random.ts";

/** What is mutated: what the project exists for. */
export const ROOMS = ["src/sync", "src/files"];

export interface Place {
  /** From the root of the repository. */
  readonly path: string;
  /** Lines and columns from 0. */
  readonly start: Position;
  readonly end: Position;
}

/** @returns where each mutation that Stryker knows would be, in the order of the files */
export async function findPlaces(root: string): Promise<readonly Place[]> {
  const paths = ROOMS.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => `${room}/${path}`),
  ).sort();
  const files = paths.map((path) => ({ name: path, content: readFileSync(join(root, path), "utf8"), mutate: true }));
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  const { mutants } = await new Instrumenter(SILENT).instrument(files, options);
  return mutants.map(({ fileName: path, location: { start, end } }) => ({ path, start, end }));
}

const SILENT: Logger = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  fatal: () => {},
};

/** @returns `count` of them, no place twice */
export function sample(places: readonly Place[], count: number, random: Random): readonly Place[] {
  const left = [...new Map(places.map((place) => [toRange(place), place])).values()];
  const chosen: Place[] = [];
  while (chosen.length < count && left.length > 0) {
    chosen.push(...left.splice(random.below(left.length), 1));
  }
  return chosen;
}

/** As Stryker's option `mutate` names a part of a file: lines from 1, columns from 0. */
export function toRange({ path, start, end }: Place): string {
  return `${path}:${start.line + 1}:${start.column}-${end.line + 1}:${end.column}`;
}
