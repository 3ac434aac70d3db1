import { describe, expect, it } from "vitest";
import { ConfigError, parseConfig } from "../../src/config/config.ts";
import { findMisnamed as findIn } from "../../src/config/misnamed.ts";
import { readSettings } from "../../src/config/settings.ts";
import { LEAST_ENV } from "../fakes/settings.ts";

const P = "HORDE_GITHUB_SYNC_";
const SECRET = "s3cr3t value";
const findMisnamed = (env: Readonly<Record<string, unknown>>) => findIn(readSettings(env));

describe("a name that is nearly one of ours is told with the one that is meant", () => {
  it.each([
    [`${P}TRIGGERTOKEN`, `${P}TRIGGER_TOKEN`],
    [`${P}TRIGER_TOKEN`, `${P}TRIGGER_TOKEN`],
    [`${P}PR_REVIEWER`, `${P}PR_REVIEWERS`],
    [`${P}PRIMARY_URL`, `${P}PRIMARY_API_URL`],
    [`${P}GITHUB_APP_ID`, "GITHUB_APP_ID"],
    [`${P}GITHUB_WEBHOOK_SECRET`, "GITHUB_WEBHOOK_SECRET"],
    ["HORDE_GITUB_SYNC_TRIGGER_TOKEN", `${P}TRIGGER_TOKEN`],
    ["TRIGGER_TOKEN", `${P}TRIGGER_TOKEN`],
    ["PRIMARY_API_URL", `${P}PRIMARY_API_URL`],
    ["GITHUB_APP_IDD", "GITHUB_APP_ID"],
    ["GITHUB_APPID", "GITHUB_APP_ID"],
    ["GITHUB_PRIVATE_KEY", "GITHUB_APP_PRIVATE_KEY"],
    ["GITHUB_APP_KEY", "GITHUB_APP_PRIVATE_KEY"],
    ["GITHUB_KEY", "GITHUB_APP_PRIVATE_KEY"],
    ["GITHUB_PRIVATE_KEY_PATH", "GITHUB_APP_PRIVATE_KEY_PATH"],
    ["GITHUB_APP_INSTALATION_ID", "GITHUB_APP_INSTALLATION_ID"],
    ["GITHUB_TOKN", "GITHUB_TOKEN"],
    ["HORDE_MODEL_REFERENCE_IMAGE_GITHUB_REPO_OWNR", "HORDE_MODEL_REFERENCE_IMAGE_GITHUB_REPO_OWNER"],
  ])("%s", (name, meant) => {
    const { warnings, problems } = findMisnamed({ [name]: SECRET });
    expect(problems).toEqual([]);
    expect(warnings).toEqual([`${name} is not a setting of this service and is ignored. Did you mean ${meant}?`]);
  });

  it("and one with our prefix that is near to none is told alone", () => {
    expect(findMisnamed({ [`${P}COLOUR`]: SECRET }).warnings).toEqual([
      `${P}COLOUR is not a setting of this service and is ignored.`,
    ]);
  });
});

describe("a name that says not to write is refused when it would be ignored", () => {
  it.each([
    `${P}DRYRUN`,
    `${P}DRY_RUNS`,
    `${P}IS_DRY`,
    `${P}NO_WRITES`,
    `${P}READONLY`,
    "DRY_RUN",
    `${P}NOPR`,
    `${P}NO_PRS`,
    "NO_PR",
  ])("%s", (name) => {
    const { problems } = findMisnamed({ [name]: "true" });
    expect(problems).toEqual([
      expect.stringContaining(`${name} is not a setting of this service, and may be meant to`),
    ]);
    expect(() => parseConfig({ ...LEAST_ENV, [name]: "true" })).toThrow(ConfigError);
    expect(findMisnamed({ [name]: "false" })).toMatchObject({ problems: [], warnings: [expect.stringMatching(name)] });
  });
});

describe("without effect", () => {
  it.each([
    [`${P}TARGET_CLONE_DIR`, "nothing is cloned"],
    [`${P}SYNC_TEMP_DIR`, "nothing is cloned"],
    [`${P}SUPPRESS_META_WARNINGS`, "is always told"],
    [`${P}STATE_FILE`, "a Worker keeps its state in KV"],
    [`${P}WATCH_INITIAL_DELAY_SECONDS`, "the cron trigger decides when the first tick comes"],
    ["GITHUB_APP_PRIVATE_KEY_PATH", "a Worker has no files"],
  ])("%s is a warning that says why", (name, why) => {
    expect(findMisnamed({ [name]: "x" }).warnings).toEqual([
      expect.stringMatching(new RegExp(`^${name} has no effect here: .*${why}`)),
    ]);
  });
});

describe("what is somebody else's is no matter of ours", () => {
  /** @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
  const ACTIONS = `GITHUB_ACTION GITHUB_ACTION_PATH GITHUB_ACTION_REPOSITORY GITHUB_ACTIONS GITHUB_ACTOR GITHUB_ACTOR_ID
    GITHUB_API_URL GITHUB_BASE_REF GITHUB_ENV GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_GRAPHQL_URL GITHUB_HEAD_REF
    GITHUB_JOB GITHUB_OUTPUT GITHUB_PATH GITHUB_REF GITHUB_REF_NAME GITHUB_REF_PROTECTED GITHUB_REF_TYPE
    GITHUB_REPOSITORY GITHUB_REPOSITORY_ID GITHUB_REPOSITORY_OWNER GITHUB_REPOSITORY_OWNER_ID GITHUB_RETENTION_DAYS
    GITHUB_RUN_ATTEMPT GITHUB_RUN_ID GITHUB_RUN_NUMBER GITHUB_SERVER_URL GITHUB_SHA GITHUB_STATE GITHUB_STEP_SUMMARY
    GITHUB_TRIGGERING_ACTOR GITHUB_WORKFLOW GITHUB_WORKFLOW_REF GITHUB_WORKFLOW_SHA GITHUB_WORKSPACE`;
  const OTHERS = `constructor toString HORDE_OTHER HORDE_API_KEY HORDE_MODEL_REFERENCE_REPLICATE_MODE
    HORDE_MODEL_REFERENCE_PRIMARY_API_URL HORDE_MODEL_REFERENCE_CANONICAL_FORMAT AIWORKER_CACHE_HOME PATH GH_TOKEN STATE PUBLIC`;

  it.each(`${ACTIONS} ${OTHERS}`.split(/\s+/))("%s", (name) => {
    expect(findMisnamed({ [name]: "x" })).toEqual({ warnings: [], problems: [] });
  });
});

it("no sentence shows a value", () => {
  const names = [`${P}TRIGGERTOKEN`, `${P}DRYRUN`, "GITHUB_APP_KEY", `${P}TARGET_CLONE_DIR`, `${P}COLOUR`];
  const found = findMisnamed(Object.fromEntries(names.map((name) => [name, SECRET])));
  expect([...found.warnings, ...found.problems]).toHaveLength(names.length);
  expect(JSON.stringify(found)).not.toContain(SECRET);
});
