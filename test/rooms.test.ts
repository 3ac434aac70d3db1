/**
 * The rooms of `src/`, and those in them: what one needs of another beside it goes one way only, types included. (Between
 * files the linter sees to it.)
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));
const FILES = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));

/** The folder right below `src/`, or the file itself. */
function roomOf(path: string): string {
  return path.split("/")[0] ?? path;
}

/** The rooms beside each other that a file and what it imports are in; `null` where one of them is no room of its own. */
function neighbours(path: string, imported: string): readonly [from: string, to: string] | null {
  const [one, other] = [path.split("/"), imported.split("/")];
  const level = one.findIndex((name, index) => name !== other[index]);
  const isTop = level === 0;
  const areRooms = level < one.length - 1 && level < other.length - 1;
  return isTop || areRooms ? [one.slice(0, level + 1).join("/"), other.slice(0, level + 1).join("/")] : null;
}

/** From each room to others, with the import that makes it. */
const arrows = new Map<string, Map<string, string>>();
for (const path of FILES) {
  for (const [, target = ""] of readFileSync(join(SRC, path), "utf8").matchAll(/(?:\bfrom |\bimport\()"(\.[^"]+)"/g)) {
    const imported = relative(SRC, join(SRC, dirname(path), target));
    // Above it lies package.json, which tells the version.
    if (imported.startsWith("..")) continue;
    const [from, to] = neighbours(path, imported) ?? [];
    if (from === undefined || to === undefined) continue;
    arrows.set(from, (arrows.get(from) ?? new Map<string, string>()).set(to, `${path} imports ${imported}`));
  }
}

it("have no circle", () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (room: string, way: readonly string[], imports: readonly string[]) => {
    const start = way.indexOf(room);
    if (start >= 0) circles.push(`${[...way.slice(start), room].join(" -> ")}: ${imports.slice(start).join("; ")}`);
    if (start >= 0 || done.has(room)) return;
    for (const [next, by] of arrows.get(room) ?? []) visit(next, [...way, room], [...imports, by]);
    done.add(room);
  };
  for (const room of arrows.keys()) visit(room, [], []);
  expect(arrows.size).toBeGreaterThan(10);
  expect(circles).toEqual([]);
});

it("are all in the picture of docs/architecture.md", () => {
  const picture = readFileSync(join(SRC, "../docs/architecture.md"), "utf8");
  const rooms = [...new Set(FILES.filter((path) => path.includes("/")).map(roomOf))];
  expect(rooms.filter((room) => !new RegExp(`(?<![\\w/])${room}/`).test(picture))).toEqual([]);
});

it("hold every file, but the entries and the table of categories with its names", () => {
  expect(FILES.filter((path) => !path.includes("/")).sort()).toEqual([
    "categories.ts",
    "category-names.ts",
    "index.ts",
    "worker.ts",
  ]);
});

/** Each of more than 200 lines, and why it is not parted. */
const LONG: Readonly<Record<string, string>> = {
  "contract/report.ts": "The shape of a Report in one piece, as programs read it.",
  "github/credentials.ts": "One token's way: asked for, narrowed, kept, forgotten.",
  "present/status.ts": "What the page, the text and the JSON have in common.",
  "present/wording.ts": "A table.",
  "replica/serve/openapi.ts": "A description.",
};

it("hold files that are read in one go, or say why not", () => {
  const long = FILES.filter((path) => readFileSync(join(SRC, path), "utf8").split("\n").length > 201);
  expect(long.sort()).toEqual(Object.keys(LONG).sort());
});
