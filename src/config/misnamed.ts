/**
 * Names in an environment that were meant for us and do nothing: misspelt, out of place, or without effect here. Pure.
 */
import { nearestName } from "../core/nearest-name.ts";
import { BOOLEAN_WORDS, SETTINGS } from "./setting-forms.ts";
import { isKnownName, PREFIX, PREFIXED, type Settings, WHOLE, WITHOUT_EFFECT } from "./settings.ts";

export interface Misnamed {
  /** A sentence for each that is ignored. */
  readonly warnings: string[];
  /** A sentence for each that says not to write, and so is never only ignored. */
  readonly problems: string[];
}

export function findMisnamed(settings: Settings): Misnamed {
  const found: Misnamed = { warnings: [], problems: [] };
  for (const [name, value] of settings) {
    const reason = WITHOUT_EFFECT.get(name);
    if (reason !== undefined) found.warnings.push(`${name} has no effect here: ${reason}.`);
    if (isKnownName(name)) continue;
    const meant = findMeant(name) ?? findForbidding(name);
    if (meant === null && !name.startsWith(PREFIX)) continue;
    const hint = meant === null ? "" : ` Did you mean ${meant}?`;
    const isFalse = BOOLEAN_WORDS.falsy.includes(value.toLowerCase());
    if (saysNotToWrite(name, meant) && !isFalse) {
      found.problems.push(
        `${name} is not a setting of this service, and may be meant to keep it from writing.${hint} Mend the name, or take it away.`,
      );
    } else found.warnings.push(`${name} is not a setting of this service and is ignored.${hint}`);
  }
  return found;
}

/** Settings that keep the service from writing. */
export const NOT_TO_WRITE: readonly string[] = [SETTINGS.dryRun.name, SETTINGS.noPr.name];

function saysNotToWrite(name: string, meant: string | null): boolean {
  if (meant !== null && NOT_TO_WRITE.includes(meant)) return true;
  return name.startsWith(PREFIX) && /^(NO_|DONT_|DISABLE|PAUSE|READ_?ONLY|.*DRY)/.test(name.slice(PREFIX.length));
}

/** `GITHUB_SYNC_DRY_RUN`, `HORDE-GITHUB-SYNC-NO-PR`: ours by its words, whatever stands before them or between. */
function findForbidding(name: string): string | null {
  const letters = name.toUpperCase().replace(/[^A-Z]/g, "");
  const [, what] = /(DRYRUN|NOPR)S?$/.exec(letters) ?? [];
  const isOurs = letters === what || /^(?:HORDE|GITHUB|SYNC|MODELREFERENCE)/.test(letters);
  if (what === undefined || !isOurs) return null;
  return what === "NOPR" ? SETTINGS.noPr.name : SETTINGS.dryRun.name;
}

/** What it may have been meant for; `null` for what is somebody else's. */
function findMeant(name: string): string | null {
  const upper = name.toUpperCase();
  if (upper.startsWith(PREFIX)) return findPrefixed(upper.slice(PREFIX.length));
  // Too common a beginning, as CI sets many such names: only a slip of the finger, or one with words left out.
  const near = KNOWN_NAMES.filter((known) => Math.abs(known.length - upper.length) <= MOST_SLIPS);
  const nearest = /^(GITHUB|HORDE|GIT_?HUB)/.test(upper) ? nearestName(upper, near, MOST_SLIPS) : null;
  return nearest ?? findAbridged(upper) ?? (isOursAlone(upper) ? PREFIX + upper : null);
}

/** Without its prefix. `PUBLIC` is set by every Windows, and `GITHUB_API_URL` by every GitHub workflow. */
function isOursAlone(part: string): boolean {
  return PREFIXED.includes(part) && part.includes("_") && part !== "GITHUB_API_URL";
}

const MOST_SLIPS = 2;
const KNOWN_NAMES = [...PREFIXED.map((part) => PREFIX + part), ...WHOLE, ...WITHOUT_EFFECT.keys()];

/** `TRIGGERTOKEN` → `HORDE_GITHUB_SYNC_TRIGGER_TOKEN`; `GITHUB_APP_ID` has no prefix. */
function findPrefixed(part: string): string | null {
  if (WHOLE.includes(part)) return part;
  const nearest = nearestName(part, PREFIXED);
  return nearest === null ? nearestName(part, WHOLE) : PREFIX + nearest;
}

/** `GITHUB_PRIVATE_KEY` → `GITHUB_APP_PRIVATE_KEY`: some of its words, in order, the first and the last among them. */
function findAbridged(name: string): string | null {
  const words = name.split("_");
  if (words[0] !== "GITHUB" || words.length < 2) return null;
  const fits = (known: string) => {
    const all = known.split("_");
    if (all.at(-1) !== words.at(-1)) return false;
    let from = 0;
    return words.every((word) => {
      from = all.indexOf(word, from) + 1;
      return from > 0;
    });
  };
  // GITHUB_PATH is a workflow's.
  const candidates = words.length > 2 ? KNOWN_NAMES : WHOLE;
  return candidates.find((known) => known.startsWith("GITHUB_") && fits(known)) ?? null;
}
