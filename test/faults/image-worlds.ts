import type { describeWorlds, Settings, World } from "./world.ts";

type CreateWorld = ReturnType<typeof describeWorlds>;

/** Worlds of three image categories, in sync by a first run. */
export function imageWorlds(createWorld: CreateWorld): (settings?: Settings) => Promise<World> {
  return async (settings = {}) => {
    const world = await createWorld({ CATEGORIES_TO_SYNC: "image_generation,esrgan,clip", ...settings });
    await world.run("tick");
    return world;
  };
}
