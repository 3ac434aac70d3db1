import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CATEGORIES, type PlacedCategory, type RepositoryRole } from "../../../src/categories.ts";
import { renderRecords } from "../../../src/files/json/edit-records.ts";
import { indexMembers, readMembers } from "../../../src/files/json/members.ts";
import { convertReference } from "../../../src/replica/convert/convert.ts";
import { readLegacy, sourcePaths } from "../../../src/replica/convert/legacy.ts";
import { printDocument } from "../../../src/replica/convert/reference-document.ts";

/** Snapshots of the real repositories, and what the reference converter made of them, kept beside this one. */
const DATA = new URL("../../../../shared/data/", import.meta.url);
const HAS_DATA = existsSync(DATA);

const pathOf = (month: string, role: RepositoryRole, path: string) =>
  `${month}/AI-Horde-${role}-model-reference/${path}`;
/** A category that came later than a snapshot is not in it. */
const isIn = (month: string, { name, role }: PlacedCategory) =>
  !HAS_DATA || sourcePaths(name).every((path) => existsSync(new URL(pathOf(month, role, path), DATA)));
const CASES = ["2026-03", "2026-06"].flatMap((month) =>
  CATEGORIES.filter((category) => isIn(month, category)).map(({ name, role }) => ({ month, name, role })),
);

const read = (path: string) => readFileSync(new URL(path, DATA), "utf8");
const readFiles = ({ month, name, role }: (typeof CASES)[number]) =>
  new Map(sourcePaths(name).map((path) => [path, read(pathOf(month, role, path))]));

describe.skipIf(!HAS_DATA)("the real repositories", () => {
  it.each(CASES)("$month $name: v2 is what the reference converter writes, byte for byte", (snapshot) => {
    const document = convertReference(snapshot.name, readFiles(snapshot));
    const file = snapshot.name === "image_generation" ? "stable_diffusion" : snapshot.name;
    const golden = read(`${snapshot.month}/v2/${file}.json`);
    expect(renderRecords(indexMembers(readMembers(printDocument(document)))) === golden).toBe(true);
    expect(document.issues.filter(({ isLeftOut }) => isLeftOut)).toEqual([]);
  });

  it.each(CASES)("$month $name: v1 is the file of the repository, byte for byte", (snapshot) => {
    const files = readFiles(snapshot);
    const legacy = readLegacy(snapshot.name, files);
    const [path = ""] = sourcePaths(snapshot.name);
    const isText = snapshot.name === "text_generation";
    const wanted = isText ? read(`${snapshot.month}/AI-Horde-text-model-reference/db.json`) : files.get(path);
    expect(legacy.text === wanted).toBe(true);
    expect(legacy.records).toBe(readMembers(legacy.text).length);
  });

  it("2026-06: what is told of the files is what a person would want to put right", () => {
    const told = CASES.filter(({ month }) => month === "2026-06").flatMap((snapshot) =>
      convertReference(snapshot.name, readFiles(snapshot)).issues.map(({ name, reason }) => `${name}: ${reason}`),
    );
    expect(told).toEqual([
      "coca_ViT-L-14: config.files[0] has no sha256sum",
      'control_qr_sdxl: its name field says "control_qr_xl"',
      ...[
        "Casual-Autopsy/Maginum-Cydoms-24B",
        "lightblue/Karasu-Mixtral-8x22B-v0.1",
        "mistralai/Ministral-3-14B-Instruct-2512",
        "Sao10K/Llama-3.1-8B-Stheno-v3.4",
      ].map((name) => `${name}: it stands in the file more than once; the last one counts`),
    ]);
  });
});
