/**
 * The form of each setting that has one: how its text is read, and what is said of one that cannot be.
 *
 * Functions of a text rather than schemas of a library: a tick with nothing new reads every setting in an isolate that
 * has just begun, where to build schemas for them costs more than all the rest of it.
 */
import { CATEGORY_NAMES } from "../category-names.ts";
import { parseJsonOrNull } from "../core/parse-json.ts";
import { GITHUB_API_URL } from "./github-api-url.ts";
import { PREFIX } from "./settings.ts";

/** A setting's whole name, how it is read, and what its error says is valid. */
export interface Setting<T> {
  readonly name: string;
  readonly read: Form<T>;
  /** The end of a sentence that begins with "… must be". */
  readonly valid: string;
}

/** Reads a text that is trimmed and not empty, or what stands for one that is not set. */
export type Form<T> = (text: string | undefined) => Reading<T>;

export type Reading<T> = { readonly isValid: true; readonly value: T } | { readonly isValid: false };

/** What is a boolean wherever people write one, in upper or lower case. */
export const BOOLEAN_WORDS = { truthy: ["true", "1", "yes", "on"], falsy: ["false", "0", "no", "off"] };

/** What can be open to everybody. */
export const PUBLIC_PARTS = ["status", "replica"] as const;

const setting = <T>(name: string, read: Form<T>, valid: string): Setting<T> => ({ name, read, valid });
const BEARER_RULE = "letters, digits and . _ ~ + / - only";
const URL_RULE = "an http(s) URL without credentials, query or fragment";
const SECONDS_RULE = "whole seconds from 1 to 86400";
const INVALID = { isValid: false } as const;

export const SETTINGS = {
  primaryUrl: setting(
    `${PREFIX}PRIMARY_API_URL`,
    // Accepts what people paste: with a trailing slash, or with the reference path itself.
    required((text) => changed(readBaseUrl(text), (url) => url.replace(/\/+model_references(\/v[12])?$/, ""))),
    URL_RULE,
  ),
  primaryTimeoutSeconds: setting(
    `${PREFIX}PRIMARY_API_TIMEOUT`,
    numberWith(30, (value) => value > 0 && value <= 300),
    "seconds, more than 0 and at most 300",
  ),
  syncToken: setting(`${PREFIX}GITHUB_TOKEN`, or(undefined, readBearer), `${BEARER_RULE}, as GitHub shows a token`),
  githubToken: setting("GITHUB_TOKEN", or(undefined, readBearer), `${BEARER_RULE}, as GitHub shows a token`),
  githubApiUrl: setting(`${PREFIX}GITHUB_API_URL`, or(GITHUB_API_URL, readBaseUrl), URL_RULE),
  categories: names("CATEGORIES_TO_SYNC", CATEGORY_NAMES),
  reviewers: names("PR_REVIEWERS", []),
  team: setting(`${PREFIX}PR_AUTO_ASSIGN_TEAM`, or<string | null>(null, readTeam), '"org/team" or "team"'),
  labels: names("PR_LABELS", ["automated", "sync", "ready-for-review"]),
  reminderDays: setting(`${PREFIX}PR_REMINDER_DAYS`, wholeNumber(7, 0, 365), "whole days from 0 (never) to 365"),
  ignoredAuthors: names("IGNORED_AUTHORS", []),
  publish: setting(`${PREFIX}PUBLISH`, or("pull-request", readPublish), '"pull-request" or "commit"'),
  minChanges: setting(`${PREFIX}MIN_CHANGES_THRESHOLD`, wholeNumber(1, 0, 1_000_000), "a whole number, 0 or more"),
  maxRemovalPercent: setting(
    `${PREFIX}MAX_REMOVAL_PERCENT`,
    numberWith(30, (value) => value >= 0 && value <= 100),
    "a number from 0 to 100",
  ),
  watchMode: flag("WATCH_MODE"),
  watchIntervalSeconds: setting(`${PREFIX}WATCH_INTERVAL_SECONDS`, wholeNumber(60, 1, 86_400), SECONDS_RULE),
  githubCheckSeconds: setting(
    `${PREFIX}GITHUB_CHECK_SECONDS`,
    wholeNumber(300, 60, 86_400),
    "whole seconds from 60 to 86400",
  ),
  watchStartupSync: flag("WATCH_ENABLE_STARTUP_SYNC"),
  /** Of the command line; a Worker's ticks come when the cron says. */
  watchInitialDelaySeconds: setting(
    `${PREFIX}WATCH_INITIAL_DELAY_SECONDS`,
    wholeNumber(0, 0, 86_400),
    "whole seconds from 0 to 86400",
  ),
  dryRun: flag("DRY_RUN"),
  noPr: flag("NO_PR"),
  verbose: flag("VERBOSE_LOGGING"),
  triggerToken: setting(
    `${PREFIX}TRIGGER_TOKEN`,
    or(undefined, readBearer),
    `${BEARER_RULE}, as \`openssl rand -hex 32\` prints`,
  ),
  notifyWebhookUrl: setting(
    `${PREFIX}NOTIFY_WEBHOOK_URL`,
    or(undefined, (text) => (isWebAddress(text) ? valid(text) : INVALID)),
    "an http(s) URL",
  ),
  statusUrl: setting(`${PREFIX}STATUS_URL`, or(undefined, readBaseUrl), URL_RULE),
  public: setting(
    `${PREFIX}PUBLIC`,
    // An empty value counts as unset, so that nothing needs a word of its own.
    or<readonly string[]>(PUBLIC_PARTS, (text) => only(readNames(text), isAudience)),
    'a list of "status" and "replica", or "none"',
  ),
  cacheTtlSeconds: setting("HORDE_MODEL_REFERENCE_CACHE_TTL_SECONDS", wholeNumber(60, 1, 86_400), SECONDS_RULE),
};

function valid<T>(value: T): Reading<T> {
  return { isValid: true, value };
}

function changed<T>(reading: Reading<T>, change: (value: T) => T): Reading<T> {
  return reading.isValid ? valid(change(reading.value)) : reading;
}

function only<T>(reading: Reading<T>, fits: (value: T) => boolean): Reading<T> {
  return reading.isValid && fits(reading.value) ? reading : INVALID;
}

function required<T>(read: (text: string) => Reading<T>): Form<T> {
  return (text) => (text === undefined ? INVALID : read(text));
}

function or<T>(fallback: T, read: (text: string) => Reading<T>): Form<T> {
  return (text) => (text === undefined ? valid(fallback) : read(text));
}

function flag(name: string): Setting<boolean> {
  const read = (text: string): Reading<boolean> => {
    const word = text.toLowerCase();
    if (BOOLEAN_WORDS.truthy.includes(word)) return valid(true);
    return BOOLEAN_WORDS.falsy.includes(word) ? valid(false) : INVALID;
  };
  return setting(`${PREFIX}${name}`, or(false, read), "true, false, 1, 0, yes, no, on or off");
}

function numberWith(fallback: number, fits: (value: number) => boolean): Form<number> {
  return or(fallback, (text) => (/^\d+(\.\d+)?$/.test(text) ? only(valid(Number(text)), fits) : INVALID));
}

function wholeNumber(fallback: number, least: number, most: number): Form<number> {
  return numberWith(fallback, (value) => Number.isInteger(value) && value >= least && value <= most);
}

function names(name: string, fallback: readonly string[]): Setting<readonly string[]> {
  return setting(`${PREFIX}${name}`, or(fallback, readNames), "a comma-separated list or a JSON array of strings");
}

/** `a, b` or `["a", "b"]` */
function readNames(text: string): Reading<readonly string[]> {
  if (!text.trimStart().startsWith("[")) return valid(clean(text.split(",")));
  const parsed = parseJsonOrNull(text);
  return isTexts(parsed) ? valid(clean(parsed)) : INVALID;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

function clean(list: readonly string[]): readonly string[] {
  return [...new Set(list.map((name) => name.trim()).filter((name) => name !== ""))];
}

function isAudience(parts: readonly string[]): boolean {
  return parts.every((part) => PUBLIC_PARTS.some((known) => known === part)) || parts.join() === "none";
}

function readPublish(text: string): Reading<"pull-request" | "commit"> {
  return text === "pull-request" || text === "commit" ? valid(text) : INVALID;
}

/** What may stand behind `Bearer` (RFC 6750): with any other character no request could ever be made, or match. */
function readBearer(text: string): Reading<string | undefined> {
  return /^[\w.~+/-]+=*$/.test(text) ? valid(text) : INVALID;
}

/** `@org/team` → `team` */
function readTeam(text: string): Reading<string | null> {
  const [, team] = /^@?(?:[\w.-]+\/)?([\w.-]+)$/.exec(text) ?? [];
  return team === undefined ? INVALID : valid(team);
}

/** As it is written: what parses may still leave out a slash, or hold line breaks and what nobody sees. */
function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s\\\p{C}]+$/iu.test(text) && URL.canParse(text);
}

/**
 * `https://host/api/` → `https://host/api`. It is shown on the status page, so it must not carry credentials; and paths
 * are appended, so that not even an empty query may stand at its end.
 */
function readBaseUrl(text: string): Reading<string> {
  const isPlain = isWebAddress(text) && /^[^?#]+$/.test(text) && /^https?:\/\/[^/@]+(\/|$)/i.test(text);
  // Its scheme, host and port as everybody writes them, so that one address is one.
  return isPlain ? valid(text.replace(/^[^/]+\/\/[^/]+/, () => new URL(text).origin).replace(/\/+$/, "")) : INVALID;
}
