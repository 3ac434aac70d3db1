import type { Random } from "./random.ts";

/** Made-up names, so that nothing here is anyone's model. */

const FIRST = [
  "Amber",
  "Basalt",
  "Cedar",
  "Dune",
  "Ember",
  "Fjord",
  "Glade",
  "Harbor",
  "Indigo",
  "Juniper",
  "Kestrel",
] as const;
const SECOND = [
  "Lantern",
  "Meadow",
  "Nimbus",
  "Orchard",
  "Pebble",
  "Quarry",
  "River",
  "Saffron",
  "Thistle",
  "Umbra",
] as const;
const AUTHORS = [
  "aldertree",
  "brookside-labs",
  "copperleaf",
  "driftworks",
  "elmhouse",
  "foxglove-ai",
  "gullwing",
] as const;
const THINGS = ["portraits", "landscapes", "maps", "posters", "sketches", "toys", "icons", "interiors"] as const;
const MANNERS = ["warm", "crisp", "painterly", "flat", "grainy", "vivid", "quiet"] as const;
/** Some of them outside ASCII, one outside the basic plane, for the escapes. */
const ENDINGS = [
  "",
  "",
  "",
  " — best at small sizes",
  " Naïve, but fast.",
  " 🎨",
  " “House style”.",
  " Trained on scans…",
] as const;

export const STYLES = ["generalist", "anime", "artistic", "realistic", "furry", "other"] as const;

export function modelName(random: Random): string {
  return `${random.pick(FIRST)} ${random.pick(SECOND)}`;
}

export function authorName(random: Random): string {
  return random.pick(AUTHORS);
}

export function thing(random: Random): string {
  return random.pick(THINGS);
}

export function description(random: Random): string {
  const what = `A ${random.pick(MANNERS)} model for ${thing(random)}, ${random.pick(MANNERS)} on ${thing(random)}.`;
  return what + random.pick(ENDINGS);
}
