import { printJson, toNode } from "../json/print.ts";
import { fileConfig } from "./image-models.ts";
import type { Random } from "./random.ts";

/** How one hand-made file is laid out. */
interface Hand {
  readonly indent: string;
  readonly eol: "\n" | "\r\n";
  readonly hasFinalNewline: boolean;
  /** Indents of single records' first lines that differ from the rest, by record number. */
  readonly strayIndents?: Readonly<Record<number, string>>;
}

const TABS: Hand = { indent: "\t", eol: "\n", hasFinalNewline: true };

/** The small files of the image repository, each formatted by another hand. @param randomFor a file's own stream */
export function smallFiles(randomFor: (path: string) => Random): Record<string, string> {
  return Object.fromEntries(Object.entries(FILES).map(([path, make]) => [path, make(randomFor(path))]));
}

const DESCRIBED = { description: "Makes pictures larger.", version: "0.1.0", style: "generalist" };

/** At least one record each, so that every category has one to edit. */
const FILES: Readonly<Record<string, (random: Random) => string>> = {
  "blip.json": (random) =>
    byHand([record(random, "BLOP", "blip"), record(random, "BLOP_Wide", "blip")], {
      ...TABS,
      indent: "  ",
      strayIndents: { 0: "" },
    }),
  "clip.json": (random) =>
    byHand(
      [record(random, "WiT-S/16", "clip"), record(random, "moka_WiT-S", "coca"), record(random, "WiT-M/14", "clip")],
      { ...TABS, strayIndents: { 1: "    " } },
    ),
  "codeformer.json": (random) =>
    byHand([record(random, "FaceFormers", "FaceFormers", DESCRIBED)], { ...TABS, hasFinalNewline: false }),
  "controlnet.json": (random) => byHand(controlnets(random), { ...TABS, eol: "\r\n", strayIndents: { 1: "    " } }),
  "esrgan.json": (random) =>
    spellFloats(
      byHand(
        [
          record(random, "Upscale_x4", "realscale", { ...DESCRIBED, scale: 4 }),
          record(random, "Upscale_x3_drawn", "realscale", { ...DESCRIBED, scale: 3, strength: 1 }),
          record(random, "Upscale_x2", "realscale", { ...DESCRIBED, scale: 2 }),
        ],
        TABS,
      ),
    ),
  "gfpgan.json": (random) => byHand([record(random, "FaceMend", "facemend", { ...DESCRIBED, version: "1.4" })], TABS),
  "safety_checker.json": (random) =>
    byHand([record(random, "safety_checker", "safety_checker")], { ...TABS, indent: "    " }),
  "miscellaneous.json": (random) =>
    inlineLists(
      byHand(
        ["sd15", "sdxl"].map((kind) =>
          record(random, `layer_split_${kind}`, "layer_split", {
            tags: ["layers", kind],
            description: `Layers — for ${kind}`,
          }),
        ),
        { ...TABS, indent: "  " },
      ),
    ),
};

function record(random: Random, name: string, type: string, fields: object = {}) {
  return { name, type, ...fields, config: configOf(random, name), available: false };
}

function configOf(random: Random, name: string): object {
  return fileConfig(random, `${name.replace(/\W+/g, "_").toLowerCase()}.pth`);
}

/** A record as "add a model" makes it for one of these categories. */
export function smallRecord(random: Random, name: string, category: string): object {
  const config = configOf(random, name);
  return { name, type: category, description: `Added as ${name}.`, version: "1.0", config, available: false };
}

function controlnets(random: Random): { name: string }[] {
  return ["canny", "depth", "hed", "mlsd", "normal", "openpose", "scribble", "seg"].flatMap((kind) =>
    ["sd2", "xl"].map((base) => ({
      name: `steer_${kind}_${base}`,
      type: `control_${kind}`,
      description: `steer_${kind} for ${base}`,
      version: "0.1.0",
      style: `control_${kind}`,
      nsfw: false,
      download_all: true,
      config: fileConfig(random, `steer_${kind}_${base}_fp16.safetensors`, ["steer_v2.yaml"]),
      available: false,
    })),
  );
}

function byHand(records: readonly { name: string }[], hand: Hand): string {
  const byName = Object.fromEntries(records.map((record) => [record.name, record]));
  const lines = printJson(toNode(byName), { indent: hand.indent, isAscii: false }).split("\n");
  let number = -1;
  const strayed = lines.map((line) => {
    const isFirstLine = line.startsWith(`${hand.indent}"`);
    if (isFirstLine) number += 1;
    const stray = isFirstLine ? hand.strayIndents?.[number] : undefined;
    return stray === undefined ? line : stray + line.slice(hand.indent.length);
  });
  return strayed.join(hand.eol) + (hand.hasFinalNewline ? hand.eol : "");
}

/** Numbers that are whole, and written as if they were not. */
function spellFloats(text: string): string {
  return text.replace('"scale": 3', '"scale": 3.0').replace('"strength": 1', '"strength": 1.0');
}

/** Lists of strings on one line, as people write them. */
function inlineLists(text: string): string {
  return text.replace(/\[\s*("[^"]*"),\s*("[^"]*")\s*\]/g, "[$1, $2]");
}
