import { describe, expect, it } from "vitest";
import { CATEGORY_NAMES } from "../../src/categories.ts";
import { type Config, ConfigError, parseConfig, parseReplicaConfig } from "../../src/config/config.ts";
import { describeError } from "../../src/core/errors.ts";
import { PEM } from "../fakes/keys.ts";
import { LEAST_ENV } from "../fakes/settings.ts";

const P = "HORDE_GITHUB_SYNC_";
const R = "HORDE_MODEL_REFERENCE_";
/** No key of anybody's: the shortest thing of its form. */
const APP = { GITHUB_APP_ID: "123", GITHUB_APP_PRIVATE_KEY: PEM };

function parse(env: Readonly<Record<string, unknown>> = {}): Config {
  return parseConfig({ ...LEAST_ENV, ...env });
}

function fail(env: Readonly<Record<string, unknown>>): ConfigError {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("The settings were accepted.");
}

describe("with the least that is needed", () => {
  it("takes every default", () => {
    expect(parse()).toEqual({
      primaryUrl: "https://primary.test",
      primaryTimeoutMs: 30_000,
      githubApiUrl: "https://api.github.com",
      auth: { kind: "token", token: LEAST_ENV.HORDE_GITHUB_SYNC_GITHUB_TOKEN },
      repositories: {
        image: { owner: "Haidra-Org", name: "AI-Horde-image-model-reference", branch: "main" },
        text: { owner: "Haidra-Org", name: "AI-Horde-text-model-reference", branch: "main" },
      },
      categories: CATEGORY_NAMES,
      pullRequest: { reviewers: [], labels: ["automated", "sync", "ready-for-review"], team: null, reminderDays: 7 },
      ignoredAuthors: [],
      publish: "pull-request",
      minChanges: 1,
      maxRemovalPercent: 30,
      watch: { enabled: false, intervalSeconds: 60, startupSync: false, githubCheckSeconds: 300 },
      dryRun: false,
      noPr: false,
      verbose: false,
      triggerToken: null,
      statusUrl: null,
      notifyWebhookUrl: null,
      githubWebhookSecret: null,
      cacheTtlSeconds: 60,
      public: { status: true, replica: true },
      warnings: [],
    });
  });

  it("treats empty and blank values as unset, and ignores what is not ours", () => {
    const blank = Object.fromEntries(["PUBLISH", "PR_LABELS", "WATCH_MODE", "DRY_RUN"].map((name) => [P + name, "  "]));
    expect(parse({ ...blank, PATH: "/bin", STATE: { get: () => null } })).toEqual(parse());
  });
});

describe("PRIMARY_API_URL", () => {
  it.each([
    ["as it is", "https://models.test", "https://models.test"],
    ["with a trailing slash", "https://models.test/", "https://models.test"],
    ["with a path", "https://models.test/api/", "https://models.test/api"],
    ["with the reference path", "https://models.test/api/model_references", "https://models.test/api"],
    ["with the versioned reference path", "https://models.test/model_references/v1/", "https://models.test"],
    ["with white space around", "  http://localhost:8800 ", "http://localhost:8800"],
    ["with a doubled slash", "https://models.test//model_references", "https://models.test"],
    ["with an @ in its path", "https://models.test/@v2", "https://models.test/@v2"],
    ["with an address for a host", "http://[::1]:8800", "http://[::1]:8800"],
    ["in upper case", "HTTPS://Models.test/Path", "https://models.test/Path"],
    ["with the port that everybody means", "https://models.test:443/v2", "https://models.test/v2"],
    ["with another port", "https://models.test:8443", "https://models.test:8443"],
  ])("is accepted %s", (_how, given, expected) => {
    expect(parse({ [`${P}PRIMARY_API_URL`]: given }).primaryUrl).toBe(expected);
  });

  it.each([
    ["no URL", "models.test"],
    ["another protocol", "ftp://models.test"],
    ["credentials", "https://user:pass@models.test"],
    ["a query", "https://models.test/?token=secret"],
    ["a fragment", "https://models.test/#secret"],
    ["an empty query", "https://models.test?"],
    ["an empty query after a path", "https://models.test/model_references/v1?"],
    ["an empty fragment", "https://models.test#"],
    ["empty credentials", "https://@models.test"],
    ["no slashes", "https:models.test"],
    ["backslashes", "https:\\\\models.test"],
    ["a tab inside", "https://mod\tels.test"],
    ["something invisible", "https://models.test\u200b"],
  ])("is refused with %s", (_why, given) => {
    const { problems } = fail({ ...LEAST_ENV, [`${P}PRIMARY_API_URL`]: given });
    expect(problems).toEqual([`${P}PRIMARY_API_URL must be an http(s) URL without credentials, query or fragment.`]);
  });
});

it("PRIMARY_API_URL is the one setting that has to be there", () => {
  for (const env of [{}, { [`${P}PRIMARY_API_URL`]: " " }]) {
    expect(fail({ GITHUB_TOKEN: "x", ...env }).problems).toEqual([
      `${P}PRIMARY_API_URL is not set; it must be an http(s) URL without credentials, query or fragment.`,
    ]);
  }
});

describe("booleans", () => {
  it.each([
    ["true", true],
    ["True", true],
    ["1", true],
    ["yes", true],
    ["ON", true],
    ["false", false],
    ["FALSE", false],
    ["0", false],
    ["no", false],
    ["off", false],
    [true, true],
    [0, false],
  ])("reads %j as %j", (given, expected) => {
    expect(parse({ [`${P}DRY_RUN`]: given }).dryRun).toBe(expected);
  });

  it("refuses anything else", () => {
    const { problems } = fail({ ...LEAST_ENV, [`${P}WATCH_MODE`]: "maybe" });
    expect(problems).toEqual([`${P}WATCH_MODE must be true, false, 1, 0, yes, no, on or off.`]);
  });
});

describe("lists", () => {
  it.each<[string, unknown, string[]]>([
    ["commas", "a,b", ["a", "b"]],
    ["commas, white space, empty parts and duplicates", " a , ,b,a,", ["a", "b"]],
    ["a JSON array", '["a", " b "]', ["a", "b"]],
    ["an array from the wrangler file", ["a", "b"], ["a", "b"]],
    ["an empty JSON array", "[]", []],
  ])("reads %s", (_how, given, expected) => {
    expect(parse({ [`${P}PR_LABELS`]: given }).pullRequest.labels).toEqual(expected);
  });

  it.each(['["a"', "[1]", '[["a"]]'])("refuses %s", (given) => {
    const { problems } = fail({ ...LEAST_ENV, [`${P}PR_LABELS`]: given });
    expect(problems).toEqual([`${P}PR_LABELS must be a comma-separated list or a JSON array of strings.`]);
  });
});

describe("numbers", () => {
  it.each<[string, string, (config: Config) => number, number]>([
    [`${P}PRIMARY_API_TIMEOUT`, "2.5", (config) => config.primaryTimeoutMs, 2500],
    [`${P}MIN_CHANGES_THRESHOLD`, "0", (config) => config.minChanges, 0],
    [`${P}MAX_REMOVAL_PERCENT`, "12.5", (config) => config.maxRemovalPercent, 12.5],
    [`${P}WATCH_INTERVAL_SECONDS`, "300", (config) => config.watch.intervalSeconds, 300],
    [`${R}CACHE_TTL_SECONDS`, "5", (config) => config.cacheTtlSeconds, 5],
  ])("%s takes %s", (name, given, read, expected) => {
    expect(read(parse({ [name]: given }))).toBe(expected);
  });

  it.each([
    [`${P}PRIMARY_API_TIMEOUT`, "0"],
    [`${P}PRIMARY_API_TIMEOUT`, "301"],
    [`${P}PRIMARY_API_TIMEOUT`, "30s"],
    [`${P}MIN_CHANGES_THRESHOLD`, "-1"],
    [`${P}MIN_CHANGES_THRESHOLD`, "1.5"],
    [`${P}MAX_REMOVAL_PERCENT`, "101"],
    [`${P}WATCH_INTERVAL_SECONDS`, "0"],
    [`${P}WATCH_INTERVAL_SECONDS`, "86401"],
    [`${R}CACHE_TTL_SECONDS`, "Infinity"],
  ])("%s refuses %s", (name, given) => {
    const { problems } = fail({ ...LEAST_ENV, [name]: given });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(`${name} must be `);
  });
});

describe("credentials", () => {
  const token = { kind: "token", token: "prefixed" };
  const app = { kind: "github-app", appId: "123", installationId: null, privateKey: PEM };

  it.each<[string, Record<string, string>, unknown]>([
    ["the prefixed token", { [`${P}GITHUB_TOKEN`]: "prefixed" }, token],
    ["the whole token", { GITHUB_TOKEN: "whole" }, { kind: "token", token: "whole" }],
    ["the prefixed token before the whole one", { [`${P}GITHUB_TOKEN`]: "prefixed", GITHUB_TOKEN: "whole" }, token],
    ["the App", APP, app],
    ["the App before a token", { ...APP, [`${P}GITHUB_TOKEN`]: "prefixed" }, app],
    ["a key with its newlines escaped", { ...APP, GITHUB_APP_PRIVATE_KEY: PEM.replaceAll("\n", "\\n") }, app],
    ["an installation id by its other name", { ...APP, GITHUB_INSTALLATION_ID: "77" }, { ...app, installationId: 77 }],
    ["the same id by both names", { ...APP, ...idsOf("77", "77") }, { ...app, installationId: 77 }],
    ["an installation id", { ...APP, GITHUB_APP_INSTALLATION_ID: "77" }, { ...app, installationId: 77 }],
    ["a client id", { ...APP, GITHUB_APP_ID: "Iv23.ab_c-d" }, { ...app, appId: "Iv23.ab_c-d" }],
  ])("takes %s", (_what, env, expected) => {
    const config = parseConfig({ [`${P}PRIMARY_API_URL`]: "https://primary.test", ...env });
    expect(config).toMatchObject({ auth: expected, warnings: [] });
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["nothing at all", {}, /^No GitHub credentials/],
    ["an App without its key", { GITHUB_APP_ID: "1" }, /GITHUB_APP_PRIVATE_KEY is missing/],
    ["a key without its App", { GITHUB_APP_PRIVATE_KEY: PEM }, /GITHUB_APP_ID is missing/],
    ["a strange App id", { ...APP, GITHUB_APP_ID: "a b" }, /^GITHUB_APP_ID must be/],
    ["a strange installation", { ...APP, GITHUB_APP_INSTALLATION_ID: "x" }, /^GITHUB_APP_INSTALLATION_ID must be/],
    ["installation 0", { ...APP, GITHUB_APP_INSTALLATION_ID: "0" }, /^GITHUB_APP_INSTALLATION_ID must be/],
    [
      "a strange installation by its other name",
      { ...APP, GITHUB_INSTALLATION_ID: "x" },
      /^GITHUB_INSTALLATION_ID must/,
    ],
    ["two installations", { ...APP, ...idsOf("1", "2") }, /name different installations; set only one/],
    [
      "a token with a line break",
      { [`${P}GITHUB_TOKEN`]: "ghp_a\nghp_b" },
      /^HORDE_GITHUB_SYNC_GITHUB_TOKEN must be let/,
    ],
    ["a token with a dash of a text editor", { GITHUB_TOKEN: "ghp_a\u2014b" }, /^GITHUB_TOKEN must be letters, digits/],
    ["a token with a control character", { GITHUB_TOKEN: "ghp_a\u0001" }, /^GITHUB_TOKEN must be letters, digits/],
    ["a token in quotes", { GITHUB_TOKEN: '"ghp_a"' }, /^GITHUB_TOKEN must be letters, digits/],
    ["a token behind its scheme", { GITHUB_TOKEN: "Bearer ghp_a" }, /^GITHUB_TOKEN must be letters, digits/],
    [
      "a broken token before a good one",
      { [`${P}GITHUB_TOKEN`]: "é", GITHUB_TOKEN: "ghp_a" },
      /SYNC_GITHUB_TOKEN must/,
    ],
    ["an App id with a line break", { ...APP, GITHUB_APP_ID: "1\n2" }, /^GITHUB_APP_ID must be/],
    ["a path for a key", { ...APP, GITHUB_APP_PRIVATE_KEY: "/key.pem" }, /^GITHUB_APP_PRIVATE_KEY must be the content/],
  ])("refuses %s", (_what, env, expected) => {
    const { problems } = fail({ [`${P}PRIMARY_API_URL`]: "https://primary.test", ...env });
    expect(problems).toEqual([expect.stringMatching(expected)]);
  });

  it("falls back to a token with a warning when the App is incomplete", () => {
    const config = parse({ GITHUB_APP_ID: "1" });
    expect(config.auth.kind).toBe("token");
    expect(config.warnings).toEqual([expect.stringContaining("GITHUB_APP_PRIVATE_KEY is missing; the token is used")]);
  });

  it("lets a dry run go without, with a warning", () => {
    const config = parseConfig({ [`${P}PRIMARY_API_URL`]: "https://primary.test", [`${P}DRY_RUN`]: "true" });
    expect(config.auth).toEqual({ kind: "none" });
    expect(config.warnings).toEqual([expect.stringContaining("60 requests an hour")]);
  });
});

function idsOf(documented: string, other: string): Record<string, string> {
  return { GITHUB_APP_INSTALLATION_ID: documented, GITHUB_INSTALLATION_ID: other };
}

describe("repositories", () => {
  it.each<[string, Record<string, string>, unknown]>([
    ["GITHUB_IMAGE_REPO", { [`${P}GITHUB_IMAGE_REPO`]: "me/fork" }, { owner: "me", name: "fork", branch: "main" }],
    ["GITHUB_BRANCH", { [`${P}GITHUB_BRANCH`]: "dev/x" }, { branch: "dev/x" }],
    ["REPO_OWNER alone", { [`${R}IMAGE_GITHUB_REPO_OWNER`]: "me" }, { owner: "me", name: /image-model-reference/ }],
    ["REPO__NAME with two underscores", { [`${R}IMAGE_GITHUB_REPO__NAME`]: "fork" }, { name: "fork" }],
    [
      "the names for forks before the others",
      { [`${P}GITHUB_IMAGE_REPO`]: "a/b", [`${P}GITHUB_BRANCH`]: "c", ...forkOf("me", "fork", "dev") },
      { owner: "me", name: "fork", branch: "dev" },
    ],
    [
      "the fork's name where the other is broken",
      { [`${P}GITHUB_IMAGE_REPO`]: "just-a-name", ...forkOf("me", "fork", "dev") },
      { owner: "me", name: "fork", branch: "dev" },
    ],
  ])("takes %s", (_what, env, expected) => {
    const { image } = parse(env).repositories;
    for (const [key, value] of Object.entries(expected as Record<string, string | RegExp>)) {
      expect(image).toHaveProperty(key, value instanceof RegExp ? expect.stringMatching(value) : value);
    }
  });

  it("keeps the two repositories apart", () => {
    const { repositories } = parse({ [`${R}TEXT_GITHUB_REPO_BRANCH`]: "text-dev" });
    expect([repositories.image.branch, repositories.text.branch]).toEqual(["main", "text-dev"]);
  });

  it.each([
    ...["a", "a/b/c", "/b", "a b/c", "https://github.com/a/b"],
    ...["../user", "./b", "a/..", "a/.", "a/b\u200b"],
  ])("refuses the repository %j", (given) => {
    const { problems } = fail({ ...LEAST_ENV, [`${P}GITHUB_TEXT_REPO`]: given });
    expect(problems).toEqual([expect.stringContaining(`${P}GITHUB_TEXT_REPO must be "owner/name"`)]);
  });

  it.each(["main", "dev/x", "a.b", "a@b", "x./y", "a/b.lock.c", "é", "v1.0-rc", "a]b"])(
    "takes the branch %j",
    (given) => {
      expect(parse({ [`${R}IMAGE_GITHUB_REPO_BRANCH`]: given }).repositories.image.branch).toBe(given);
    },
  );

  // What `git check-ref-format --branch` says of each, but for the last two of the second line.
  it.each([
    ...["-x", "a..b", "a b", "x.lock", "a//b", "x/", "x~1", "x^", "x:y", "@{u}", "a\\b", "a\u0007b", "HEAD", "x."],
    ...[".a", "a/.b", "a.lock/b", "/x", "a?b", "a*b", "a[b", "@", "ma\u200bin"],
  ])("refuses the branch %j", (given) => {
    const { problems } = fail({ ...LEAST_ENV, [`${R}IMAGE_GITHUB_REPO_BRANCH`]: given });
    expect(problems).toEqual([expect.stringContaining("must be a valid branch name")]);
  });

  it("refuses one repository for both roles, whose branches would be one, and reads the replica from it", () => {
    const env = { ...LEAST_ENV, [`${P}GITHUB_IMAGE_REPO`]: "a/b", [`${P}GITHUB_TEXT_REPO`]: "A/B" };
    expect(fail(env).problems).toEqual([
      expect.stringMatching(
        /^The image and the text repository .* must be two: the sync keeps a branch sync\/model-references in each/,
      ),
    ]);
    expect(parseReplicaConfig(env).repositories.text).toMatchObject({ owner: "A", name: "B" });
  });
});

function forkOf(owner: string, name: string, branch: string): Record<string, string> {
  const key = `${R}IMAGE_GITHUB_REPO_`;
  return { [`${key}OWNER`]: owner, [`${key}NAME`]: name, [`${key}BRANCH`]: branch };
}

describe("CATEGORIES_TO_SYNC", () => {
  it("puts the names into the table's order, once each", () => {
    const { categories } = parse({ [`${P}CATEGORIES_TO_SYNC`]: "text_generation, clip,image_generation,clip" });
    expect(categories).toEqual(["image_generation", "clip", "text_generation"]);
  });

  it.each([
    ["an unknown name", "clip,clop", "names something that has no legacy file"],
    ["a category without a legacy file", "lora", "names something that has no legacy file"],
    ["an empty JSON array", "[]", "names no category"],
    ["only commas", ",,", "names no category"],
  ])("refuses %s, and lists the valid ones", (_what, given, expected) => {
    const { problems } = fail({ ...LEAST_ENV, [`${P}CATEGORIES_TO_SYNC`]: given });
    expect(problems).toEqual([`${P}CATEGORIES_TO_SYNC ${expected}. Valid categories: ${CATEGORY_NAMES.join(", ")}.`]);
  });
});

describe("pull request settings", () => {
  it("drops the @ of reviewers and teams, and the team's organisation", () => {
    const env = { [`${P}PR_REVIEWERS`]: "@db0, tazlin", [`${P}PR_AUTO_ASSIGN_TEAM`]: "@Haidra-Org/reviewers" };
    expect(parse(env).pullRequest).toMatchObject({ reviewers: ["db0", "tazlin"], team: "reviewers" });
  });

  it.each([
    ["reviewers", "reviewers"],
    ["org/the-team_1", "the-team_1"],
    ["@reviewers", "reviewers"],
    ["", null],
  ])("takes the team %j", (given, team) => {
    expect(parse({ [`${P}PR_AUTO_ASSIGN_TEAM`]: given }).pullRequest.team).toBe(team);
  });

  it.each(["@org/team/", "org/", "/team", "@", "a/b/c", "the team"])("refuses the team %j", (given) => {
    expect(fail({ ...LEAST_ENV, [`${P}PR_AUTO_ASSIGN_TEAM`]: given }).problems).toEqual([
      `${P}PR_AUTO_ASSIGN_TEAM must be "org/team" or "team".`,
    ]);
  });

  it("publishes by commit when told to, and refuses another word", () => {
    expect(parse({ [`${P}PUBLISH`]: "commit" }).publish).toBe("commit");
    expect(fail({ ...LEAST_ENV, [`${P}PUBLISH`]: "push" }).problems).toEqual([
      `${P}PUBLISH must be "pull-request" or "commit".`,
    ]);
  });
});

describe("PR_REMINDER_DAYS", () => {
  it.each([
    ["0", 0],
    ["14", 14],
  ])("takes %s", (text, days) => {
    expect(parse({ [`${P}PR_REMINDER_DAYS`]: text }).pullRequest.reminderDays).toBe(days);
  });

  it.each(["-1", "1.5", "366", "a week"])("refuses %s", (text) => {
    expect(fail({ ...LEAST_ENV, [`${P}PR_REMINDER_DAYS`]: text }).problems).toEqual([
      `${P}PR_REMINDER_DAYS must be whole days from 0 (never) to 365.`,
    ]);
  });
});

describe("PUBLIC", () => {
  it.each([
    ["status,replica", { status: true, replica: true }],
    ["replica", { status: false, replica: true }],
    ['["status"]', { status: true, replica: false }],
    ["none", { status: false, replica: false }],
    ["", { status: true, replica: true }],
  ])("%s opens %j, for the sync and for the replica", (text, expected) => {
    const env = { [`${P}PUBLIC`]: text, [`${P}TRIGGER_TOKEN`]: "t".repeat(16) };
    expect(parseReplicaConfig(env).public).toEqual(expected);
    expect(parse(env)).toMatchObject({ public: expected, warnings: [] });
  });

  it.each(["all", "status,none", "Status", '["replica"'])("%s is refused, and closes everything", (text) => {
    const env = { ...LEAST_ENV, [`${P}PUBLIC`]: text };
    const error = fail(env);
    expect(error.problems).toEqual([`${P}PUBLIC must be a list of "status" and "replica", or "none".`]);
    expect(error.access.public).toEqual({ status: false, replica: false });
    expect(parseReplicaConfig(env).public).toEqual({ status: false, replica: false });
  });

  it("closes what it closes also where other settings cannot be used", () => {
    const env = { [`${P}PUBLIC`]: "replica", [`${P}TRIGGER_TOKEN`]: "t".repeat(16) };
    expect(fail(env).access).toMatchObject({
      public: { status: false, replica: true },
      triggerToken: "t".repeat(16),
    });
  });

  it("warns when nobody can read what it closes", () => {
    expect(parse({ [`${P}PUBLIC`]: "none" }).warnings).toEqual([
      `${P}PUBLIC closes the status and the replica, and ${P}TRIGGER_TOKEN is not set, so that nobody can read them.`,
    ]);
  });
});

describe("TRIGGER_TOKEN", () => {
  it.each(["0a1b2c", "a.b_c~d+e/f-g==", "x".repeat(16), "x".repeat(200)])("takes %s", (token) => {
    expect(parse({ [`${P}TRIGGER_TOKEN`]: token }).triggerToken).toBe(token);
  });

  it.each([
    ["fifteen characters", "x".repeat(15), 1],
    ["sixteen", "x".repeat(16), 0],
  ])("with %s is told as a warning so often: %i", (_length, token, times) => {
    const { warnings } = parse({ [`${P}TRIGGER_TOKEN`]: token });
    expect(warnings).toHaveLength(times);
    for (const warning of warnings) {
      expect(warning).toMatch(/TRIGGER_TOKEN is shorter than 16 characters.*openssl rand -hex 32/);
      expect(warning).not.toContain(token);
    }
  });

  it.each(["two words", "pässword", "semi;colon", "="])("refuses %j, which no bearer header can carry", (token) => {
    const { problems } = fail({ ...LEAST_ENV, [`${P}TRIGGER_TOKEN`]: token });
    expect(problems).toEqual([expect.stringMatching(/TRIGGER_TOKEN must be letters, digits/)]);
  });
});

it("GITHUB_WEBHOOK_SECRET is taken as it is, by its whole name", () => {
  expect(parse({ GITHUB_WEBHOOK_SECRET: "wh!ch ever" }).githubWebhookSecret).toBe("wh!ch ever");
});

describe("names without effect", () => {
  it.each([
    [`${P}TARGET_CLONE_DIR`, "nothing is cloned"],
    ["GITHUB_APP_PRIVATE_KEY_PATH", "a Worker has no files"],
    [`${P}WATCH_INITIAL_DELAY_SECONDS`, "the cron trigger decides"],
    [`${P}PR_REVIEWER`, "is not a setting of this service"],
  ])("%s is a warning", (name, expected) => {
    const { warnings } = parse({ [name]: "/x" });
    expect(warnings).toEqual([expect.stringContaining(expected)]);
    expect(warnings[0]).toMatch(name);
  });

  it("are told together with the problems", () => {
    const error = fail({ [`${P}TARGET_CLONE_DIR`]: "/x" });
    expect(error.warnings).toHaveLength(1);
    expect(error.problems).toHaveLength(2);
  });
});

describe("a broken environment", () => {
  const SECRET = "s3cr3t value";
  const names = ["PRIMARY_API_URL", "PRIMARY_API_TIMEOUT", "GITHUB_IMAGE_REPO", "GITHUB_TEXT_REPO", "GITHUB_BRANCH"];
  const more = ["GITHUB_API_URL", "CATEGORIES_TO_SYNC", "MIN_CHANGES_THRESHOLD", "WATCH_MODE", "DRY_RUN", "PUBLISH"];
  const rest = ["WATCH_INTERVAL_SECONDS", "MAX_REMOVAL_PERCENT", "TRIGGER_TOKEN", "NOTIFY_WEBHOOK_URL"];
  const prefixed = [...names, ...more, ...rest].map((name) => P + name);
  const whole = ["GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", "GITHUB_APP_INSTALLATION_ID", `${R}CACHE_TTL_SECONDS`];
  const env = Object.fromEntries([...prefixed, ...whole].map((name) => [name, SECRET]));

  it("is told in one error that names every setting", () => {
    const { problems, message } = fail(env);
    for (const name of [...prefixed, ...whole]) expect(message).toContain(name);
    expect(message).toBe(problems.join(" "));
  });

  it("never shows a value", () => {
    const error = fail({ ...env, [`${P}PR_LABELS`]: `["${SECRET}`, [`${P}OTHER`]: SECRET });
    expect(JSON.stringify([error.message, error.problems, error.warnings, error.stack])).not.toContain(SECRET);
  });

  it("is misconfigured for whoever reports it", () => {
    expect(describeError(fail({}))).toMatchObject({ code: "misconfigured" });
  });
});

describe("the replica's settings", () => {
  const repositories = {
    image: { owner: "Haidra-Org", name: "AI-Horde-image-model-reference", branch: "main" },
    text: { owner: "Haidra-Org", name: "AI-Horde-text-model-reference", branch: "main" },
  };
  const least = {
    githubApiUrl: "https://api.github.com",
    auth: { kind: "none" },
    repositories,
    public: { status: true, replica: true },
  };

  it("need nothing to be set", () => {
    expect(parseReplicaConfig({})).toEqual({ ...least, cacheTtlSeconds: 60, triggerToken: null });
  });

  it("are those of the sync where that is configured", () => {
    expect(parse()).toMatchObject(parseReplicaConfig(LEAST_ENV));
    const env = {
      ...APP,
      [`${P}GITHUB_IMAGE_REPO`]: "o/n",
      [`${R}CACHE_TTL_SECONDS`]: "5",
      [`${P}TRIGGER_TOKEN`]: "abc",
      [`${P}PUBLIC`]: "replica",
    };
    expect(parse(env)).toMatchObject(parseReplicaConfig({ ...LEAST_ENV, ...env }));
  });

  it.each<[string, Record<string, string>]>([
    ["no PRIMARY", { [`${P}PRIMARY_API_URL`]: "nowhere" }],
    ["a publish mode that does not exist", { [`${P}PUBLISH`]: "rarely" }],
    ["categories that do not exist", { [`${P}CATEGORIES_TO_SYNC`]: "x" }],
    ["half an App", { GITHUB_APP_ID: "1" }],
    ["an App with a path for a key", { GITHUB_APP_ID: "1", GITHUB_APP_PRIVATE_KEY: "/key.pem" }],
    ["a token that no header can hold", { GITHUB_TOKEN: "ghp_a\nghp_b" }],
    ["a reminder after half a day", { [`${P}PR_REMINDER_DAYS`]: "0.5" }],
    ["a trigger token that nobody can send", { [`${P}TRIGGER_TOKEN`]: "ä" }],
  ])("do not mind %s", (_what, env) => {
    expect(parseReplicaConfig(env)).toEqual({ ...least, cacheTtlSeconds: 60, triggerToken: null });
  });

  it("take the token where the App is incomplete", () => {
    const { auth } = parseReplicaConfig({ GITHUB_APP_ID: "1", GITHUB_TOKEN: "whole" });
    expect(auth).toEqual({ kind: "token", token: "whole" });
  });

  it("refuse what leaves open which files are meant, all at once and without a value", () => {
    const env = {
      [`${P}GITHUB_API_URL`]: "ftp://secret.test",
      [`${P}GITHUB_IMAGE_REPO`]: "secret",
      [`${P}GITHUB_BRANCH`]: "a..secret",
      [`${R}CACHE_TTL_SECONDS`]: "0 secret",
    };
    let problems: readonly string[] = [];
    try {
      parseReplicaConfig(env);
    } catch (error) {
      if (error instanceof ConfigError) problems = error.problems;
    }
    expect(problems).toHaveLength(5);
    expect(problems.join()).not.toContain("secret");
  });
});

describe("a setting that is a table of wrangler.toml", () => {
  const table = { SECRET: 1 };

  it.each([
    [`${P}DRY_RUN`, "must be true, false, 1, 0, yes, no, on or off."],
    [`${P}NO_PR`, "must be true, false, 1, 0, yes, no, on or off."],
    [`${P}PR_LABELS`, "must be a comma-separated list or a JSON array of strings."],
    [`${P}GITHUB_IMAGE_REPO`, "must be a text."],
    [`${R}TEXT_GITHUB_REPO_OWNER`, "must be a text."],
    [`${P}PRIMARY_API_URL`, "must be an http(s) URL without credentials, query or fragment."],
    ["GITHUB_WEBHOOK_SECRET", "must be a text."],
    ["horde_github_sync_dry_run", "must be true, false, 1, 0, yes, no, on or off."],
  ])("is refused: %s", (name, sentence) => {
    const { problems } = fail({ ...LEAST_ENV, [name]: table });
    expect(problems).toEqual([`${name.toUpperCase()} ${sentence}`]);
  });

  it("is refused beside the same in lower case", () => {
    const { problems } = fail({ ...LEAST_ENV, [`${P}DRY_RUN`]: table, horde_github_sync_dry_run: "false" });
    expect(problems).toEqual([`${P}DRY_RUN must be true, false, 1, 0, yes, no, on or off.`]);
  });

  it("opens nothing, and says nothing of which files the replica is to serve", () => {
    expect(parseReplicaConfig({ ...LEAST_ENV, [`${P}PUBLIC`]: table }).public).toEqual(CLOSED);
    expect(fail({ ...LEAST_ENV, [`${P}PUBLIC`]: table }).access.public).toEqual(CLOSED);
    expect(() => parseReplicaConfig({ [`${P}GITHUB_BRANCH`]: table })).toThrow("GITHUB_BRANCH must be a text.");
  });

  it("is nothing to us under any other name, or one that has no effect", () => {
    expect(parse({ STATE: table, OTHER: table, [`${P}SYNC_TEMP_DIR`]: table }).warnings).toEqual([]);
  });
});

const CLOSED = { status: false, replica: false };

describe("a setting in upper and in lower case", () => {
  it.each([
    ["true", "false"],
    ["on", "0"],
    ["maybe", "no"],
  ])("stops the service when one says %j and the other, which counts, %j", (lower, upper) => {
    const { problems } = fail({ ...LEAST_ENV, horde_github_sync_dry_run: lower, [`${P}DRY_RUN`]: upper });
    expect(problems).toEqual([
      expect.stringMatching(/^HORDE_GITHUB_SYNC_DRY_RUN is set more than once.*Leave only one/),
    ]);
  });

  it("stops it also when none of them is as it is listed", () => {
    const { problems } = fail({ ...LEAST_ENV, horde_github_sync_no_pr: "false", Horde_Github_Sync_No_Pr: "true" });
    expect(problems).toEqual([expect.stringMatching(/^HORDE_GITHUB_SYNC_NO_PR is set more than once/)]);
  });

  it("is a warning where nothing is published for it", () => {
    const { dryRun, warnings } = parse({ horde_github_sync_dry_run: "false", [`${P}DRY_RUN`]: "true" });
    expect([dryRun, warnings]).toEqual([true, [expect.stringMatching(/DRY_RUN is set more than once/)]]);
    const { publish, warnings: others } = parse({
      horde_github_sync_publish: "commit",
      [`${P}PUBLISH`]: "pull-request",
    });
    expect([publish, others]).toEqual(["pull-request", [expect.stringMatching(/PUBLISH is set more than once/)]]);
  });

  it("is told of in no way where both say the same, or one says nothing", () => {
    expect(parse({ horde_github_sync_dry_run: "TRUE", [`${P}DRY_RUN`]: "true" }).warnings).toEqual([]);
    expect(parse({ horde_github_sync_dry_run: "true", [`${P}DRY_RUN`]: " " })).toMatchObject({
      dryRun: true,
      warnings: [],
    });
  });
});

describe("a setting that must not be lost", () => {
  it.each([
    "GITHUB_SYNC_DRY_RUN",
    "HORDE_SYNC_DRY_RUN",
    "HORDE_GITHUB_DRY_RUN",
    "SYNC_NO_PR",
    "DRYRUN",
    "HORDE-GITHUB-SYNC-NO-PR",
    "HORDE_MODEL_REFERENCE_GITHUB_SYNC_NO_PR",
  ])("stops the service under the name %s", (name) => {
    expect(() => parseConfig({ ...LEAST_ENV, [name]: "true" })).toThrow(
      /Did you mean HORDE_GITHUB_SYNC_(DRY_RUN|NO_PR)/,
    );
  });

  it.each(["npm_config_dry_run", "TERRAFORM_DRY_RUN"])("is not seen in somebody else's %s", (name) => {
    expect(parseConfig({ ...LEAST_ENV, [name]: "true" }).warnings).toEqual([]);
  });
});

it("refuses a base beside which Git cannot have the sync branch", () => {
  const env = { ...LEAST_ENV, HORDE_GITHUB_SYNC_GITHUB_BRANCH: "sync" };
  expect(() => parseConfig(env)).toThrow(/must be another than sync: beside it Git cannot have sync\/model-references/);
});

it("asks nobody for a review whose name is only an @", () => {
  const env = { ...LEAST_ENV, HORDE_GITHUB_SYNC_PR_REVIEWERS: "@, @db0" };
  expect(parseConfig(env).pullRequest.reviewers).toEqual(["db0"]);
});

it("refuses the sync branch as a base, which would be deleted", () => {
  const env = { ...LEAST_ENV, HORDE_GITHUB_SYNC_GITHUB_BRANCH: "sync/model-references" };
  expect(() => parseConfig(env)).toThrow(/must be another than sync\/model-references/);
});
