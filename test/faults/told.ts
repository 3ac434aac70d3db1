/**
 * What a pull request's body says against what its branch holds. Both are read from the sandbox, with `JSON.parse` and
 * regular expressions, and nothing of the product.
 */
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { CATEGORIES } from "../../src/categories.ts";
import { BRANCH } from "../world/ground.ts";
import { openPulls, type Places } from "./truth.ts";

type Named = Readonly<Record<string, readonly string[]>>;

/** By category: the records that base and branch hold differently. */
export function recordsThatDiffer(world: Places, repository: string, base = "main", branch = BRANCH): Named {
  const role = repository === world.image ? "image" : "text";
  const found = CATEGORIES.filter((category) => category.role === role).flatMap(({ name, codec }) => {
    const path = codec.writes.find((written) => written.endsWith(".json")) ?? "";
    const [old, now] = [base, branch].map((ref) => readRecords(world, repository, ref, path));
    if (old === undefined || now === undefined) return [];
    const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
      (record) => !isDeepStrictEqual(old[record], now[record]),
    );
    // Every text model stands three times in db.json; it is told once.
    const own = names.filter((record) => !/^(aphrodite|koboldcpp)\//.test(record));
    return own.length === 0 ? [] : [[name, own.sort()] as const];
  });
  return Object.fromEntries(found);
}

function readRecords(world: Places, repository: string, ref: string, path: string): Record<string, unknown> {
  const bytes = world.github.readFile({ repository, ref, path });
  try {
    return bytes === null ? {} : JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return {};
  }
}

/** By category: the records that a body tells to come, go or change. */
export function recordsTold(body: string): Named {
  const told: Record<string, string[]> = {};
  let category = "";
  let kind = "";
  for (const line of body.split("\n")) {
    category = /^### (\w+)(?:: the rest is held)?$/.exec(line)?.[1] ?? (line.startsWith("### ") ? "" : category);
    kind = /^(?:\*\*|<details><summary>)\d+ (\w+)/.exec(line)?.[1] ?? kind;
    const names = /^(?:\| |- )(`.*)$/.exec(line)?.[1];
    if (names === undefined || category === "") continue;
    told[category] ??= [];
    const isRename = kind === "renamed";
    const spans = [...names.matchAll(/(?<!`)(`+) ?(.*?) ?\1(?!`)/g)].map(([, , text = ""]) => text);
    told[category]?.push(...spans.slice(0, isRename ? 2 : 1));
  }
  return Object.fromEntries(Object.entries(told).map(([name, records]) => [name, records.sort()]));
}

/** Every record that differs is named in the body, and nothing else. */
export function expectTold(world: Places, repository: string): void {
  for (const { body, number } of openPulls(world, repository)) {
    expect(recordsTold(body), `the body of ${repository}#${number}`).toEqual(recordsThatDiffer(world, repository));
  }
}
