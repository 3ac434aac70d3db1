/** Sentences for reports: how many of them, and how they name things. Pure. */
import { quoteRaw } from "./json/strings.ts";

/** More of a kind say no more to a reader. */
const MOST_SENTENCES = 20;
const MOST_NAMES = 10;

/** The first of the sentences, and how many more there are: `… and 3 more of this kind in models.csv.` */
export function capSentences(sentences: readonly string[], place: string): string[] {
  const more = sentences.length - MOST_SENTENCES;
  if (more <= 0) return [...sentences];
  return [...sentences.slice(0, MOST_SENTENCES), `… and ${more} more of this kind in ${place}.`];
}

/** `"a", "b" and 3 more`. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map(quoteRaw).join(", ");
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}
