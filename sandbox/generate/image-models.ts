import type { Random } from "./random.ts";
import { description, modelName, STYLES, thing } from "./words.ts";

const BASELINES = [
  "stable diffusion 1",
  "stable_diffusion_xl",
  "flux_1",
  "stable diffusion 2",
  "stable diffusion 2 512",
] as const;
const HOSTS = ["models.example.org", "files.example.com", "mirror.example.net"] as const;

/** Records of image_generation, their fields in the order that the image repository's checks demand. */
export function imageModels(random: Random, count: number): Map<string, object> {
  const records = new Map<string, object>();
  while (records.size < count) {
    const plain = modelName(random);
    const name = records.has(plain) ? `${plain} v${2 + random.below(40)}` : plain;
    if (!records.has(name)) records.set(name, imageRecord(random, name));
  }
  return records;
}

/** One record, also what "add a model" uses when only a name is given. */
export function imageRecord(random: Random, name: string): object {
  const slug = name.replace(/\W+/g, "_").toLowerCase();
  const showcase = (index: number) => `https://models.example.org/showcase/${slug}/0${index}.webp`;
  return {
    name,
    baseline: random.pick(BASELINES),
    ...(random.chance(5) ? { optimization: "none" } : {}),
    type: "ckpt",
    inpainting: random.chance(4),
    description: description(random),
    ...(random.chance(60) ? { tags: [thing(random), random.pick(STYLES)] } : {}),
    ...(random.chance(80) ? { showcases: [showcase(1), showcase(2), showcase(3)].slice(random.below(3)) } : {}),
    version: `${1 + random.below(4)}.${random.below(10)}`,
    style: random.pick(STYLES),
    ...(random.chance(30) ? { trigger: [`${slug} ${thing(random)}`] } : {}),
    ...(random.chance(70) ? { homepage: `https://models.example.org/models/${1000 + random.below(90000)}` } : {}),
    nsfw: random.chance(30),
    download_all: random.chance(20),
    ...(random.chance(10) ? { requirements: { clip_skip: 1 + random.below(2) } } : {}),
    config: fileConfig(random, `${slug}.safetensors`),
    available: false,
    ...(random.chance(8) ? { features_not_supported: ["hires_fix"] } : {}),
    size_on_disk_bytes: 1_900_000_000 + random.below(2_000_000_000) + random.below(2_000_000_000),
  };
}

/** What a record says about its files; yaml companions are listed, and not downloaded. */
export function fileConfig(random: Random, fileName: string, companions: readonly string[] = []): object {
  const url = `https://${random.pick(HOSTS)}/${random.hex(8)}/${fileName}`;
  return {
    files: [
      { path: fileName, ...(random.chance(40) ? { md5sum: random.hex(32) } : {}), sha256sum: random.hex(64) },
      ...companions.map((path) => ({ path })),
    ],
    download: [{ file_name: fileName, file_path: "", file_url: url }],
  };
}
