import { imageRecord } from "./image-models.ts";
import { createRandomFor } from "./random.ts";
import { smallRecord } from "./small-files.ts";
import { textRecord } from "./text-models.ts";

/** A plausible record for a name, for whoever adds a model and gives no more than that. */
export function generateRecord(category: string, name: string): object {
  const random = createRandomFor(name, 17);
  if (category === "text_generation") return textRecord(name);
  if (category === "image_generation") return imageRecord(random, name);
  return smallRecord(random, name, category);
}
