/**
 * The form of each setting that has one, made once: building a schema costs far more than using it, and a tick with
 * nothing new should cost next to nothing.
 */
import * as z from "zod/mini";
import { CATEGORY_NAMES } from "../categories.ts";
import { parseJsonOrNull } from "../core/parse-json.ts";
import { PREFIX } from "./settings.ts";

/** A setting's whole name, how it is read, and what its error says is valid. */
export interface Setting<T> {
  readonly name: string;
  readonly schema: z.ZodMiniType<T>;
  /** The end of a sentence that begins with "… must be". */
  readonly valid: string;
}

/** What is a boolean wherever people write one, in upper or lower case. */
export const BOOLEAN_WORDS = { truthy: ["true", "1", "yes", "on"], falsy: ["false", "0", "no", "off"] };

/** What can be open to everybody. */
export const PUBLIC_PARTS = ["status", "replica"] as const;

const setting = <T>(name: string, schema: z.ZodMiniType<T>, valid: string): Setting<T> => ({ name, schema, valid });
const URL_RULE = "an http(s) URL without credentials, query or fragment";
const SECONDS_RULE = "whole seconds from 1 to 86400";

export const SETTINGS = {
  primaryUrl: setting(
    `${PREFIX}PRIMARY_API_URL`,
    // Accepts what people paste: with a trailing slash, or with the reference path itself.
    z.pipe(
      baseUrl(),
      z.transform((text: string) => text.replace(/\/model_references(\/v[12])?$/, "")),
    ),
    URL_RULE,
  ),
  primaryTimeoutSeconds: setting(
    `${PREFIX}PRIMARY_API_TIMEOUT`,
    numberWith(30, (value) => value > 0 && value <= 300),
    "seconds, more than 0 and at most 300",
  ),
  githubApiUrl: setting(`${PREFIX}GITHUB_API_URL`, z._default(baseUrl(), "https://api.github.com"), URL_RULE),
  categories: names("CATEGORIES_TO_SYNC", CATEGORY_NAMES),
  reviewers: names("PR_REVIEWERS", []),
  labels: names("PR_LABELS", ["automated", "sync", "ready-for-review"]),
  reminderDays: setting(`${PREFIX}PR_REMINDER_DAYS`, wholeNumber(7, 0, 365), "whole days from 0 (never) to 365"),
  ignoredAuthors: names("IGNORED_AUTHORS", []),
  publish: setting(
    `${PREFIX}PUBLISH`,
    z._default(z.enum(["pull-request", "commit"]), "pull-request"),
    '"pull-request" or "commit"',
  ),
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
    // What may stand behind `Bearer` (RFC 6750): with any other character no request could ever match.
    z.optional(z.string().check(z.regex(/^[\w.~+/-]+=*$/))),
    "letters, digits and . _ ~ + / - only, as `openssl rand -hex 32` prints",
  ),
  notifyWebhookUrl: setting(
    `${PREFIX}NOTIFY_WEBHOOK_URL`,
    z.optional(z.url({ protocol: /^https?$/ })),
    "an http(s) URL",
  ),
  statusUrl: setting(`${PREFIX}STATUS_URL`, z.optional(baseUrl()), "an http(s) URL"),
  public: setting(
    `${PREFIX}PUBLIC`,
    // An empty value counts as unset, so that nothing needs a word of its own.
    names("PUBLIC", PUBLIC_PARTS).schema.check(
      z.refine(
        (parts) => parts.every((part) => PUBLIC_PARTS.some((known) => known === part)) || parts.join() === "none",
      ),
    ),
    'a list of "status" and "replica", or "none"',
  ),
  cacheTtlSeconds: setting("HORDE_MODEL_REFERENCE_CACHE_TTL_SECONDS", wholeNumber(60, 1, 86_400), SECONDS_RULE),
};

function flag(name: string): Setting<boolean> {
  return setting(
    `${PREFIX}${name}`,
    z._default(z.stringbool(BOOLEAN_WORDS), false),
    "true, false, 1, 0, yes, no, on or off",
  );
}

function numberWith(fallback: number, isValid: (value: number) => boolean) {
  return z.pipe(
    z.pipe(z._default(z.string().check(z.regex(/^\d+(\.\d+)?$/)), String(fallback)), z.transform(Number)),
    z.number().check(z.refine(isValid)),
  );
}

function wholeNumber(fallback: number, least: number, most: number) {
  return numberWith(fallback, (value) => Number.isInteger(value) && value >= least && value <= most);
}

/** `a, b` or `["a", "b"]` */
function names(name: string, fallback: readonly string[]): Setting<readonly string[]> {
  const split = z.transform((text: string, context): readonly string[] => {
    if (!text.trimStart().startsWith("[")) return clean(text.split(","));
    const parsed = Texts.safeParse(parseJsonOrNull(text));
    if (parsed.success) return clean(parsed.data);
    context.issues.push({ code: "custom", message: "not a JSON array of strings", input: text });
    return z.NEVER;
  });
  const schema = z._default(z.pipe(z.string(), split), fallback);
  return setting(`${PREFIX}${name}`, schema, "a comma-separated list or a JSON array of strings");
}

const Texts = z.array(z.string());

function clean(list: readonly string[]): readonly string[] {
  return [...new Set(list.map((name) => name.trim()).filter((name) => name !== ""))];
}

/** `https://host/api/` → `https://host/api`. It is shown on the status page, so it must not carry credentials. */
function baseUrl() {
  const isPlain = (text: string) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  };
  return z.pipe(
    z.string().check(z.refine(isPlain)),
    z.transform((text: string) => text.replace(/\/+$/, "")),
  );
}
