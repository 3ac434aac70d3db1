/**
 * What happens at PRIMARY, by chance: edits that the service has to publish.
 */
import type { PersonDeed } from "../faults/person-deeds.ts";
import { type SoakWorld, SYNCED, type Synced } from "./world.ts";

export interface PrimaryDeed extends Pick<PersonDeed, "weight" | "name"> {
  act(world: SoakWorld, next: () => number): void;
}

export const PRIMARY_DEEDS: readonly PrimaryDeed[] = [
  { weight: 6, name: "PRIMARY adds a record", act: (world, next) => addRecord(world, anyCategory(world), next()) },
  { weight: 8, name: "PRIMARY edits a record", act: (world, next) => editRecord(world, anyCategory(world), next()) },
  {
    weight: 4,
    name: "PRIMARY removes a record",
    act: (world) => {
      const category = anyCategory(world);
      const names = modelsOf(world, category);
      if (names.length < 6) throw new Error("there are too few to remove one");
      world.primary.removeRecord(category, world.random.pick(names));
    },
  },
  {
    weight: 1,
    name: "PRIMARY removes most records",
    act: (world) => {
      const category = anyCategory(world);
      const names = modelsOf(world, category);
      if (names.length < 15) throw new Error("there would be too few left");
      for (const name of names.slice(0, 9)) world.primary.removeRecord(category, name);
    },
  },
  {
    weight: 2,
    name: "PRIMARY edits many records at once",
    act: (world, next) => {
      for (let edit = 0; edit < 12; edit++) editRecord(world, anyCategory(world), next());
    },
  },
  {
    weight: 4,
    name: "PRIMARY goes back to the base",
    act: (world) => {
      const category = anyCategory(world);
      const text = textOnBase(world, category);
      // Somebody's edit of db.json, which models.csv cannot express.
      if (category === "text_generation" && text.includes('"nsfw": true')) throw new Error("it cannot be published");
      world.primary.setCategory(category, text);
    },
  },
  {
    weight: 1,
    name: "PRIMARY's timestamp goes back",
    act: ({ primary }) => primary.setLastUpdated((primary.lastUpdated ?? 0) - 1000),
  },
];

const anyCategory = ({ random }: SoakWorld): Synced => random.pick(SYNCED);

/** Without the entries that PRIMARY derives from a model. */
function modelsOf({ primary }: SoakWorld, category: Synced): [string, ...string[]] {
  const [first, ...others] = Object.keys(JSON.parse(primary.category(category) ?? "{}")).filter(
    (name) => !/^(aphrodite|koboldcpp)\//.test(name),
  );
  if (first === undefined) throw new Error(`${category} is empty`);
  return [first, ...others];
}

function addRecord({ primary }: SoakWorld, category: Synced, serial: number): void {
  const text = { baseline: "llama", description: `Model ${serial}`, nsfw: false, parameters: 7_000_000_000 };
  const models: Record<string, Record<string, unknown>> = JSON.parse(primary.category(category) ?? "{}");
  const isText = category === "text_generation";
  const [like = {}] = Object.values(models);
  primary.putRecord(category, isText ? `maker/New-${serial}-7B` : `New ${serial}`, {
    ...(isText ? { version: "1", style: "generalist", tags: ["7B", "generalist"], ...text } : like),
    ...(isText ? { display_name: `New ${serial} 7B` } : { name: `New ${serial}` }),
  });
}

export function editRecord(world: SoakWorld, category: Synced, serial: number): void {
  const models: Record<string, Record<string, unknown>> = JSON.parse(world.primary.category(category) ?? "{}");
  const name = world.random.pick(modelsOf(world, category));
  world.primary.putRecord(category, name, { ...models[name], description: `Edit ${serial}` });
}

export function textOnBase({ github, image, text }: SoakWorld, category: Synced): string {
  const path = { image_generation: "stable_diffusion.json", text_generation: "db.json" };
  const repository = category === "text_generation" ? text : image;
  const file = category === "esrgan" || category === "clip" ? `${category}.json` : path[category];
  return new TextDecoder().decode(github.readFile({ repository, ref: "main", path: file }) ?? undefined);
}
