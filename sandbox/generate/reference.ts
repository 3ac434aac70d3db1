import { CANONICAL, printJson, toNode } from "../json/print.ts";
import { writeCsv } from "./csv.ts";
import { makeDbJson } from "./db-json.ts";
import { imageModels } from "./image-models.ts";
import { createRandomFor } from "./random.ts";
import { smallFiles } from "./small-files.ts";
import { textRows } from "./text-models.ts";

export interface GeneratedReference {
  /** The files of the image repository, by path. */
  readonly image: Record<string, string>;
  /** The files of the text repository, by path. */
  readonly text: Record<string, string>;
  /** What PRIMARY has stored, by category. */
  readonly primary: Record<string, string>;
}

const DEFAULTS = `{
  "baseline": "",
  "parameters": null,
  "description": "",
  "version": "1",
  "style": "generalist",
  "nsfw": false
}
`;

const GENERATION_PARAMS = {
  n: 1,
  max_context_length: 1024,
  max_length: 80,
  rep_pen: 3,
  rep_pen_range: 4096,
  rep_pen_slope: 10,
  temperature: 5,
  tfs: 1,
  top_a: 1,
  top_k: 100,
  top_p: 1,
  typical: 1,
  sampler_order: [0],
  stop_sequence: ["string"],
  min_p: 0,
  smoothing_factor: 0,
  dynatemp_range: 0,
  dynatemp_exponent: 1,
};

/**
 * References of realistic shape and size, with the oddities of the real ones: two repositories, and a PRIMARY that
 * agrees with them. The same options give the same bytes.
 */
export function generateReference(
  options: { seed?: number; imageModels?: number; textModels?: number } = {},
): GeneratedReference {
  const randomFor = (path: string) => createRandomFor(path, options.seed ?? 1);
  const records = Object.fromEntries(imageModels(randomFor("stable_diffusion.json"), options.imageModels ?? 160));
  const files = {
    "stable_diffusion.json": `${printJson(toNode(records), CANONICAL)}\n`,
    ...smallFiles(randomFor),
  };
  const csv = writeCsv(textRows(randomFor("models.csv"), options.textModels ?? 700));
  const db = makeDbJson(csv, DEFAULTS);
  return {
    image: { ...files, "README.md": readme("image"), "showcase/amber_lantern/01.txt": "A picture would be here.\n" },
    text: {
      "models.csv": csv,
      "db.json": db,
      "defaults.json": DEFAULTS,
      "generation_params.json": `${printJson(toNode(GENERATION_PARAMS), { indent: "  ", isAscii: true })}\n`,
      "README.md": readme("text"),
    },
    primary: { ...primaryBodies(files), text_generation: db },
  };
}

/** Categories never edited through PRIMARY, by the files of the image repository: their own text, with LF for CRLF. */
export function primaryBodies(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => {
      const category = path === "stable_diffusion.json" ? "image_generation" : path.replace(/\.json$/, "");
      return [category, text.replaceAll("\r\n", "\n")];
    }),
  );
}

function readme(kind: string): string {
  return `# ${kind} model reference\n\nMade-up data for trying things out. Nothing here can be downloaded.\n`;
}
