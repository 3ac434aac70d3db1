/**
 * Settings that are given more than once: in upper case, as they are listed, and in lower case, as the Python service
 * takes them. Pure.
 */
import { type Misnamed, NOT_TO_WRITE } from "./misnamed.ts";
import { BOOLEAN_WORDS } from "./setting-forms.ts";
import { readRepeated, type Settings } from "./settings.ts";

/**
 * @param settings what counts of `env`
 * @returns a warning for each value that is lost, and a problem where that one says not to write
 */
export function findRepeated(env: Readonly<Record<string, unknown>>, settings: Settings): Misnamed {
  const found: Misnamed = { warnings: [], problems: [] };
  for (const [name, texts] of readRepeated(env)) {
    const value = settings.get(name) ?? "";
    const lost = texts.filter((text) => text.toLowerCase() !== value.toLowerCase());
    if (lost.length === 0) continue;
    const sentence = `${name} is set more than once, in upper and in lower case, to different values`;
    if (NOT_TO_WRITE.includes(name) && isFalse(value) && !lost.every(isFalse))
      found.problems.push(
        `${sentence}, and one of them may be meant to keep the service from writing. Leave only one.`,
      );
    else found.warnings.push(`${sentence}, of which the one in upper case counts, or else the first. Leave only one.`);
  }
  return found;
}

function isFalse(value: string): boolean {
  return BOOLEAN_WORDS.falsy.includes(value.toLowerCase());
}
