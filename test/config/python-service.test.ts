/**
 * Every variable and every option of the Python service: what becomes of it here, one row each.
 *
 * The rows come from its documentation, its example of an environment file and its settings class. With
 * `MODEL_REFERENCE_CLONES` (see test/files/history/clones.ts) they are held against its source.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseArguments } from "../../src/cli/arguments.ts";
import { prepareSetup, type Setup } from "../../src/cli/setup.ts";
import { type Config, parseConfig } from "../../src/config/config.ts";
import { planMigration } from "../../src/config/migration.ts";
import { PEM } from "../fakes/keys.ts";
import { LEAST_ENV } from "../fakes/settings.ts";
import { hasClones, readAt, SERVER } from "../files/history/clones.ts";

const P = "HORDE_GITHUB_SYNC_";
const R = "HORDE_MODEL_REFERENCE_";
const APP = { GITHUB_APP_ID: "1", GITHUB_APP_PRIVATE_KEY: PEM };
const folder = mkdtempSync(join(tmpdir(), "python-service-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "key.pem"), PEM);

type Env = Readonly<Record<string, string>>;
/** What the value does, told by what a configuration has to hold then; or the warning that says why it does nothing. */
type Fate = { readonly taken: object } | { readonly warned: RegExp } | { readonly told: RegExp };
type Row = readonly [name: string, value: string, worker: Fate, commandLine: Fate, beside: Env];

const taken = (config: object): Fate => ({ taken: config });
const warned = (why: RegExp): Fate => ({ warned: why });
/** Not read by the old service either; `migrate` says what takes its place. */
const told = (why: RegExp): Fate => ({ told: why });
const apart = (name: string, value: string, of: { worker: Fate; commandLine: Fate }, beside: Env = {}): Row => [
  name,
  value,
  of.worker,
  of.commandLine,
  beside,
];
const both = (name: string, value: string, fate: Fate, beside: Env = {}) =>
  apart(name, value, { worker: fate, commandLine: fate }, beside);
const app = (more: object) => taken({ auth: { kind: "github-app", ...more } });
const image = (target: object) => taken({ repositories: { image: target } });
const text = (target: object) => taken({ repositories: { text: target } });

const VARIABLES: readonly Row[] = [
  both(`${P}PRIMARY_API_URL`, "https://models.aihorde.net/", taken({ primaryUrl: "https://models.aihorde.net" })),
  both(`${P}PRIMARY_API_TIMEOUT`, "20", taken({ primaryTimeoutMs: 20_000 })),
  both(`${P}GITHUB_TOKEN`, "ghp_x", taken({ auth: { kind: "token", token: "ghp_x" } })),
  both("GITHUB_TOKEN", "ghp_y", taken({ auth: { kind: "token", token: "ghp_y" } }), { [`${P}GITHUB_TOKEN`]: "" }),
  both("GITHUB_APP_ID", "123456", app({ appId: "123456" }), { GITHUB_APP_PRIVATE_KEY: PEM }),
  both("GITHUB_APP_INSTALLATION_ID", "77", app({ installationId: 77 }), APP),
  both("GITHUB_INSTALLATION_ID", "77", app({ installationId: 77 }), APP),
  both("GITHUB_APP_PRIVATE_KEY", PEM.replaceAll("\n", "\\n"), app({ privateKey: PEM }), { GITHUB_APP_ID: "1" }),
  apart(
    "GITHUB_APP_PRIVATE_KEY_PATH",
    "key.pem",
    {
      worker: warned(/a Worker has no files; put the key itself into GITHUB_APP_PRIVATE_KEY/),
      commandLine: app({ privateKey: PEM }),
    },
    { GITHUB_APP_ID: "1" },
  ),
  both(`${P}GITHUB_IMAGE_REPO`, "me/fork", image({ owner: "me", name: "fork" })),
  both(`${P}GITHUB_TEXT_REPO`, "me/fork", text({ owner: "me", name: "fork" })),
  both(`${P}GITHUB_BRANCH`, "dev", image({ branch: "dev" })),
  ...(["_", "__"] as const).flatMap((joint): Row[] => [
    both(`${R}IMAGE_GITHUB_REPO${joint}OWNER`, "me", image({ owner: "me" })),
    both(`${R}IMAGE_GITHUB_REPO${joint}NAME`, "fork", image({ name: "fork" })),
    both(`${R}IMAGE_GITHUB_REPO${joint}BRANCH`, "dev", image({ branch: "dev" })),
    both(`${R}TEXT_GITHUB_REPO${joint}OWNER`, "me", text({ owner: "me" })),
    both(`${R}TEXT_GITHUB_REPO${joint}NAME`, "fork", text({ name: "fork" })),
    both(`${R}TEXT_GITHUB_REPO${joint}BRANCH`, "dev", text({ branch: "dev" })),
  ]),
  both(
    `${P}CATEGORIES_TO_SYNC`,
    "image_generation,text_generation",
    taken({ categories: ["image_generation", "text_generation"] }),
  ),
  both(`${P}PR_REVIEWERS`, '["one", "two"]', taken({ pullRequest: { reviewers: ["one", "two"] } })),
  both(`${P}PR_LABELS`, "automated,sync", taken({ pullRequest: { labels: ["automated", "sync"] } })),
  both(`${P}PR_AUTO_ASSIGN_TEAM`, "org-name/team-name", taken({ pullRequest: { team: "team-name" } })),
  both(`${P}MIN_CHANGES_THRESHOLD`, "3", taken({ minChanges: 3 })),
  both(`${P}TARGET_CLONE_DIR`, "/data/clones", warned(/nothing is cloned/)),
  both(`${P}SYNC_TEMP_DIR`, "/tmp/sync", warned(/nothing is cloned/)),
  both(`${P}SUPPRESS_META_WARNINGS`, "false", warned(/is always told/)),
  both(`${P}DRY_RUN`, "true", taken({ dryRun: true, noPr: false })),
  both(`${P}NO_PR`, "true", taken({ dryRun: true, noPr: true })),
  apart(
    `${P}OUTPUT_DIR`,
    "out",
    {
      worker: warned(/a Worker has no files; GET \/preview/),
      commandLine: taken({ outputDir: join(folder, "out") }),
    },
    { [`${P}NO_PR`]: "1" },
  ),
  both(`${P}VERBOSE_LOGGING`, "true", taken({ verbose: true })),
  both(`${P}WATCH_MODE`, "true", taken({ watch: { enabled: true } })),
  both(`${P}WATCH_INTERVAL_SECONDS`, "300", taken({ watch: { intervalSeconds: 300 } })),
  apart(`${P}WATCH_INITIAL_DELAY_SECONDS`, "5", {
    worker: warned(/the cron trigger decides/),
    commandLine: taken({ initialDelayMs: 5000 }),
  }),
  both(`${P}WATCH_ENABLE_STARTUP_SYNC`, "true", taken({ watch: { startupSync: true } })),
  both("SYNC_INTERVAL", "21600", told(/the crons of wrangler.toml say when/)),
  both("GIT_AUTHOR_NAME", "Bot", told(/commits carry the App's name/)),
  both("GIT_AUTHOR_EMAIL", "bot@x.local", told(/commits carry the App's address/)),
  both("GIT_COMMITTER_NAME", "Bot", told(/commits carry the App's name/)),
  both("GIT_COMMITTER_EMAIL", "bot@x.local", told(/commits carry the App's address/)),
  both("AIWORKER_CACHE_HOME", "/data", told(/nothing is kept on a disk/)),
];

function judge(fate: Fate, found: object, warnings: readonly string[], name: string): void {
  const own = warnings.filter((warning) => warning.startsWith(`${name} `));
  if ("warned" in fate) expect(own).toEqual([expect.stringMatching(fate.warned)]);
  else expect(own).toEqual([]);
  if ("taken" in fate) expect(found).toMatchObject(fate.taken);
}

describe.each(VARIABLES)("%s", (name, value, worker, commandLine, beside) => {
  const env = { ...LEAST_ENV, ...beside, [name]: value };

  it("in a Worker", () => {
    const config: Config = parseConfig(env);
    judge(worker, config, config.warnings, name);
  });

  it("on the command line", () => {
    const setup = setUp([], env);
    judge(commandLine, { ...setup, ...setup.config }, setup.warnings, name);
  });

  it("by migrate: it is among the Worker's settings, or a sentence says why not", () => {
    const { vars, secrets, notes } = planMigration(env);
    const isKept = name in vars || name in secrets;
    const said = notes.filter((note) => note.startsWith(`${name} is left out: `));
    expect({ isKept, said: said.length }).toEqual({ isKept: "taken" in worker, said: "taken" in worker ? 0 : 1 });
    if ("told" in worker) expect(said[0]).toMatch(worker.told);
    if (value.length > 8) expect(JSON.stringify(notes)).not.toContain(value);
  });
});

function setUp(argv: readonly string[], env: Env): Setup {
  const parsed = parseArguments(argv);
  if (parsed.kind !== "arguments") throw new Error(JSON.stringify(parsed));
  const prepared = prepareSetup(parsed.arguments, { env, cwd: folder, home: folder, platform: "linux" });
  if (prepared.kind === "problems") throw new Error(prepared.problems.join("\n"));
  return prepared.setup;
}

const OPTIONS: readonly (readonly [option: string, argv: readonly string[], fate: Fate])[] = [
  [
    "--primary-url",
    ["--primary-url", "http://localhost:19800"],
    taken({ config: { primaryUrl: "http://localhost:19800" } }),
  ],
  ["--categories", ["--categories", "clip,blip"], taken({ categories: ["blip", "clip"] })],
  ["--dry-run", ["--dry-run"], taken({ config: { dryRun: true } })],
  ["--force", ["--force"], taken({ isForced: true })],
  ["--verbose", ["--verbose"], taken({ config: { verbose: true } })],
  ["--no-pr", ["--no-pr"], taken({ config: { dryRun: true, noPr: true } })],
  ["--output-dir", ["--no-pr", "--output-dir", "out"], taken({ outputDir: join(folder, "out") })],
  ["--target-dir", ["--target-dir", "/data"], warned(/nothing is cloned/)],
  ["--watch", ["--watch"], taken({ config: { watch: { enabled: true } } })],
  ["--watch-interval", ["--watch", "--watch-interval", "300"], taken({ config: { watch: { intervalSeconds: 300 } } })],
  ["--watch-startup-sync", ["--watch", "--watch-startup-sync"], taken({ config: { watch: { startupSync: true } } })],
];

it.each(OPTIONS)("%s on the command line", (option, argv, fate) => {
  const setup = setUp(argv, LEAST_ENV);
  judge(fate, setup, setup.warnings, option);
});

it("--output-dir alone is refused: the old service published, and wrote no files", () => {
  expect(() => setUp(["--output-dir", "out"], LEAST_ENV)).toThrow(/--output-dir needs --dry-run or --no-pr/);
});

describe.skipIf(!hasClones)("nothing of the Python service is left out", () => {
  const read = (path: string) => readAt(SERVER, "HEAD", path) ?? "";
  const names = new Set(VARIABLES.map(([name]) => name));

  it("of its settings classes", () => {
    const [, ofApp = "", ofSync = ""] = read("src/horde_model_reference/sync/config.py").split(/^class .*$/m);
    const fieldsOf = (source: string) =>
      Array.from(source.matchAll(/^ {4}([a-z_]+): [^=\n]+ = /gm), ([, field = ""]) => field.toUpperCase());
    const all = [...fieldsOf(ofApp), ...fieldsOf(ofSync).map((field) => P + field)];
    expect(all.length).toBeGreaterThan(20);
    expect(all.filter((name) => !names.has(name))).toEqual([]);
  });

  it.each([
    "scripts/sync/README.md",
    "scripts/sync/github_app_auth_example.md",
    ".env.sync.example",
    "docs/concepts/sync_system.md",
  ])("of %s", (path) => {
    const all =
      read(path).match(/\b(HORDE_GITHUB_SYNC|GITHUB_APP|HORDE_MODEL_REFERENCE_(IMAGE|TEXT)|GIT)_[A-Z_]+[A-Z]\b/g) ?? [];
    expect(all.length).toBeGreaterThan(3);
    expect([...new Set(all)].filter((name) => !names.has(name))).toEqual([]);
  });

  it("of its options", () => {
    const source = read("scripts/sync/sync_github_references.py");
    const all = Array.from(source.matchAll(/add_argument\(\s*"(--[a-z-]+)"/g), ([, option = ""]) => option);
    expect(all.length).toBeGreaterThan(8);
    expect(all.filter((option) => !OPTIONS.some(([known]) => known === option))).toEqual([]);
  });
});
