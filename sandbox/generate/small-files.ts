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

/** The eight small files of the image repository, each formatted by another hand. */
export function smallFiles(random: Random): Record<string, string> {
  const record = (name: string, type: string, fields: object = {}) => ({
    name,
    type,
    ...fields,
    config: fileConfig(random, `${name.replace(/\W+/g, "_").toLowerCase()}.pth`),
    available: false,
  });
  const described = { description: "Makes pictures larger.", version: "0.1.0", style: "generalist" };
  return {
    "blip.json": byHand([record("BLOP", "blip"), record("BLOP_Wide", "blip")], {
      ...TABS,
      indent: "  ",
      strayIndents: { 0: "" },
    }),
    "clip.json": byHand([record("WiT-S/16", "clip"), record("moka_WiT-S", "coca"), record("WiT-M/14", "clip")], {
      ...TABS,
      strayIndents: { 1: "    " },
    }),
    "codeformer.json": byHand([record("FaceFormers", "FaceFormers", described)], { ...TABS, hasFinalNewline: false }),
    "controlnet.json": byHand(controlnets(random), { ...TABS, eol: "\r\n", strayIndents: { 1: "    " } }),
    "esrgan.json": spellFloats(
      byHand(
        [
          record("Upscale_x4", "realscale", { ...described, scale: 4 }),
          record("Upscale_x3_drawn", "realscale", { ...described, scale: 3, strength: 1 }),
          record("Upscale_x2", "realscale", { ...described, scale: 2 }),
        ],
        TABS,
      ),
    ),
    "gfpgan.json": byHand([record("FaceMend", "facemend", { ...described, version: "1.4" })], TABS),
    "safety_checker.json": byHand([record("safety_checker", "safety_checker")], { ...TABS, indent: "    " }),
    "miscellaneous.json": inlineLists(
      byHand(
        ["sd15", "sdxl"].map((kind) =>
          record(`layer_split_${kind}`, "layer_split", { tags: ["layers", kind], description: `Layers — for ${kind}` }),
        ),
        { ...TABS, indent: "  " },
      ),
    ),
  };
}

/** A record as "add a model" makes it for one of these categories. */
export function smallRecord(random: Random, name: string, category: string): object {
  const config = fileConfig(random, `${name.replace(/\W+/g, "_").toLowerCase()}.pth`);
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
