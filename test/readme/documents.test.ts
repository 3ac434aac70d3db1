/**
 * The documents against the code: links lead somewhere, settings and routes are those there are, and a figure is the one
 * of the constant that makes it.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, test } from "vitest";
import * as z from "zod/mini";
import { DOCUMENTS, readDocument } from "../../scripts/readme-blocks.ts";
import { SETTING_ROWS } from "../../scripts/readme-settings.ts";
import { CATEGORIES } from "../../src/categories.ts";
import { GRACE_MS } from "../../src/cli/stop.ts";
import { SETTINGS } from "../../src/config/setting-forms.ts";
import { isKnownName, PREFIX, PREFIXED, WHOLE } from "../../src/config/settings.ts";
import { DEGRADED_AFTER_ERRORS, isSilent, STALE_AFTER_MS } from "../../src/state/alarm-limits.ts";
import { SCHEDULED_RUNS } from "../../src/state/bucket.ts";
import { createAnswerApp } from "../http/answer-app.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PAGES = [...DOCUMENTS, "CONTRIBUTING.md", "examples/README.md", "sandbox/README.md", "test/cases/README.md"];
const MINUTE_MS = 60_000;

test("README.md is short enough to be read", () => {
  expect(readDocument("README.md").split("\n").length).toBeLessThanOrEqual(250);
});

describe("every link", () => {
  it.each(PAGES)("of %s leads to a file, and to a heading in it", (page) => {
    const text = readDocument(page).replace(/```[\s\S]*?```/g, "");
    const links = Array.from(text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g), ([, link = ""]) => link);
    const broken = links.filter((link) => {
      const [path = "", anchor] = link.split("#");
      const file = path === "" ? join(ROOT, page) : join(ROOT, dirname(page), path);
      if (!existsSync(file)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(file, "utf8")).has(anchor);
    });
    expect(broken).toEqual([]);
  });
});

it.each(["docs/architecture.md", "docs/design.md", "CONTRIBUTING.md"])("every test that %s names is there", (page) => {
  const named = readDocument(page).match(/`test\/[\w/.-]+`/g) ?? [];
  const paths = named.map((path) => path.slice(1, -1));
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

/** As GitHub makes them of headings. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = markdown.replace(/```[\s\S]*?```/g, "").matchAll(/^#+ (.+)$/gm);
  return new Set(
    Array.from(headings, ([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{Letter}\p{Number} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

describe("the settings", () => {
  const listed = SETTING_ROWS.flatMap(({ names }) => names);

  it("are listed each once, and all of them", () => {
    const spelledTwice = (name: string) => /_REPO__/.test(name);
    const known = [...PREFIXED.map((name) => PREFIX + name), ...WHOLE.filter((name) => !spelledTwice(name))];
    expect([...listed].sort()).toEqual([...new Set(known)].sort());
  });

  it.each(PAGES)("that %s names are known", (page) => {
    const ofCommandLine = ["STATE_FILE", "OUTPUT_DIR", "WATCH_INITIAL_DELAY_SECONDS"].map((name) => PREFIX + name);
    const named = readDocument(page).match(/\bHORDE_GITHUB_SYNC_[A-Z_]+[A-Z]\b/g) ?? [];
    expect(named.filter((name) => !isKnownName(name) && !ofCommandLine.includes(name))).toEqual([]);
  });

  it("of README.md's short table are in the long one", () => {
    const table = /## Settings\n([\s\S]*?)\n## /.exec(readDocument("README.md"))?.[1] ?? "";
    const rows = table.split("\n").filter((line) => /^\| `/.test(line));
    const named = rows.flatMap((row) =>
      Array.from((row.split(" | ")[0] ?? "").matchAll(/`([A-Z_]+)`/g), ([, name = ""]) => name),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !listed.includes(name) && !listed.includes(PREFIX + name))).toEqual([]);
  });
});

test("every category is in the table of README.md, with its repository and files", () => {
  const rows = readDocument("README.md")
    .split("\n")
    .filter((line) => /^\| `\w+`.* \| (image|text) \|/.test(line));
  for (const { name, role, codec } of CATEGORIES) {
    const row = rows.find((line) => line.includes(`\`${name}\``)) ?? "";
    expect(row, name).toContain(` | ${role} | `);
    for (const path of codec.writes) expect(row.replace("{category}", name), name).toContain(`\`${path}\``);
  }
});

test("every route is in the table of docs/operating.md", async () => {
  const { request } = await createAnswerApp();
  const described = z.object({ paths: z.record(z.string(), z.unknown()) });
  const { paths } = described.parse(await (await request("/openapi.json")).json());
  const own = Object.keys(paths).filter(
    (path) => !/model_references|replicate_mode|heartbeat|^\/v[12]\b|^\/api\b|favicon/.test(path),
  );
  const text = readDocument("docs/operating.md").replace(":id", "{id}");
  expect(own.length).toBeGreaterThan(8);
  expect(own.filter((path) => !text.includes(`${path}\``))).toEqual([]);
});

describe("a figure", () => {
  const of = (page: string) => readDocument(page).replace(/\s+/g, " ");
  const words = new Map([
    [5, "five"],
    [10, "ten"],
  ]);

  it("of the bucket is that of the schedule", () => {
    const { atOnce, everyMs } = SCHEDULED_RUNS;
    const minutes = words.get(everyMs / MINUTE_MS);
    expect(of("docs/operating.md")).toContain(
      `a bucket of ${words.get(atOnce)} that gets one more every ${minutes} minutes`,
    );
  });

  it("of the look is the default", () => {
    const seconds = SETTINGS.githubCheckSeconds.read(undefined);
    const said = seconds.isValid ? seconds.value : null;
    expect(of("docs/operating.md")).toContain(`every \`GITHUB_CHECK_SECONDS\` (${said})`);
  });

  it("of /healthz is that of the service", () => {
    const text = of("docs/operating.md");
    expect(text).toContain(`\`degraded\` (${words.get(DEGRADED_AFTER_ERRORS)} failures in a row)`);
    expect(text).toContain(`\`stale\` (no success for ${STALE_AFTER_MS / 60 / MINUTE_MS} hours)`);
    const [, silent = ""] = /`cron-stopped` \(no tick for (\d+) minutes\)/.exec(text) ?? [];
    const isSilentAfter = (minutes: number) => isSilent(0, minutes * MINUTE_MS, 60);
    expect([isSilentAfter(Number(silent)), isSilentAfter(Number(silent) + 1)]).toEqual([false, true]);
  });

  it("of a stop is that of the command line", () => {
    expect(of("docs/command-line.md")).toContain(`within ${GRACE_MS / 1000} seconds in the middle of one`);
  });

  it("of Node is that of the manifest", () => {
    const { engines } = JSON.parse(readDocument("package.json"));
    const least = String(engines.node).replace(">=", "");
    for (const page of ["README.md", "docs/command-line.md", "docs/library.md"]) {
      expect(of(page), page).toContain(`Node ${least} or newer`);
    }
  });
});
