import { existsSync, readdirSync, readFileSync } from "node:fs";
import { generateReference, primaryBodies } from "../sandbox/generate/reference.ts";
import { parseEntries } from "../sandbox/json/lossless.ts";
import { EDITED, printJson, toNode } from "../sandbox/json/print.ts";
import { withRecord } from "../sandbox/primary/edit.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

/** The files of both repositories, and what a PRIMARY that agrees with them says. */
export interface Reference {
  readonly image: Files;
  readonly text: Files;
  readonly primary: Bodies;
}

/** PRIMARY's text by category. */
export type Bodies = Readonly<Record<string, string>>;

const SNAPSHOT = new URL("../../shared/data/2026-06/", import.meta.url);
/** As many records as the real files have. */
const REAL_SIZE = { imageModels: 160, textModels: 720 };

/** The snapshot of the real files where it lies beside the repository; else made-up ones of the same size. */
export function readReference(): { readonly title: string; readonly reference: Reference } {
  if (!existsSync(SNAPSHOT)) {
    const title = `generated (${REAL_SIZE.imageModels} image models, ${REAL_SIZE.textModels} text models)`;
    return { title, reference: generateReference(REAL_SIZE) };
  }
  const image = readFolder("AI-Horde-image-model-reference");
  const text = readFolder("AI-Horde-text-model-reference");
  const primary = { ...primaryBodies(image), text_generation: text["db.json"] ?? "" };
  return { title: "snapshot of both real repositories, June 2026", reference: { image, text, primary } };
}

export function generateTenfold(): Reference {
  return generateReference({ imageModels: REAL_SIZE.imageModels * 10, textModels: REAL_SIZE.textModels * 10 });
}

/** What PRIMARY says after somebody edited one record there: the category in two spaces and raw UTF-8. */
export function editOne(bodies: Bodies, category: string, index = 0): Bodies {
  const entries = parseEntries(bodies[category] ?? "{}");
  const names = editableNames(category, [...entries.keys()]);
  const name = names[Math.floor(names.length / 2) + index] ?? "";
  return { [category]: withRecord({ category, entries, name, record: changed(entries.get(name)) }) };
}

/** The same for every record at once. */
export function editEvery(bodies: Bodies, category: string): Bodies {
  const entries = parseEntries(bodies[category] ?? "{}");
  for (const [name, record] of entries) entries.set(name, toNode(changed(record)));
  return { [category]: printJson({ kind: "object", entries }, EDITED) };
}

/** The same meaning in the layout that PRIMARY gives a category with its first edit. */
export function reformat(bodies: Bodies): Bodies {
  const print = (body: string) => printJson(toNode(body), EDITED);
  return Object.fromEntries(Object.entries(bodies).map(([category, body]) => [category, print(body)]));
}

type Node = ReturnType<typeof toNode>;

/** The record as JSON text, so that its numbers keep their spelling. */
function changed(record: Node | undefined): string {
  if (record?.kind !== "object") throw new Error("The benchmark can change records that are objects only.");
  const description: Node = { kind: "string", value: "Changed for the benchmark — and told at some length." };
  return printJson({ kind: "object", entries: new Map([...record.entries, ["description", description]]) }, EDITED);
}

/** Text models stand under three names, of which the plain one is edited. */
function editableNames(category: string, names: readonly string[]): readonly string[] {
  if (category !== "text_generation") return names;
  return names.filter((name) => !/^(?:aphrodite|koboldcpp)\//.test(name));
}

function readFolder(name: string): Record<string, string> {
  const folder = new URL(`${name}/`, SNAPSHOT);
  return Object.fromEntries(readdirSync(folder).map((path) => [path, readFileSync(new URL(path, folder), "utf8")]));
}
