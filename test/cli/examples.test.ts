/**
 * The documentation and the examples name options and settings that exist.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseArguments } from "../../src/cli/arguments.ts";
import { OUTPUT_DIR, STATE_FILE } from "../../src/cli/option-table.ts";
import { findMisnamed } from "../../src/config/misnamed.ts";
import { SETTINGS } from "../../src/config/setting-forms.ts";
import { readSettings } from "../../src/config/settings.ts";
import { EXAMPLES, ROOT, read } from "../examples/files.ts";

const FILES = ["docs/command-line.md", "Dockerfile", ...EXAMPLES];
const OF_THE_COMMAND_LINE = [
  STATE_FILE,
  OUTPUT_DIR,
  SETTINGS.watchInitialDelaySeconds.name,
  "GITHUB_APP_PRIVATE_KEY_PATH",
];

/** `model-reference-sync --dry-run # why` → `["--dry-run"]` */
function commandsIn(text: string): string[][] {
  const lines = Array.from(
    text.matchAll(/^.*?(?<![\w/.-])model-reference-sync((?: +--?[a-z][^#>\n|]*)?)(?:[#>|].*)?$/gm),
  );
  return lines.flatMap(([line, rest = ""]) =>
    /docker|journalctl|install|^FROM|^#/.test(line) ? [] : [rest.trim().split(/ +/)],
  );
}

describe("every command line", () => {
  const commands = FILES.filter((path) => /\.(md|service)$|crontab-line$/.test(path)).flatMap((path) =>
    commandsIn(read(path)),
  );
  const unique = [...new Set(commands.map((words) => words.filter((word) => word !== "").join(" ")))];

  it("is found", () => expect(unique.length).toBeGreaterThan(12));

  it.each(unique)("is valid: %s", (command) => {
    expect(parseArguments(command === "" ? [] : command.split(" "))).not.toMatchObject({ kind: "problems" });
  });
});

describe("every setting", () => {
  it.each(FILES)("of %s is known", (path) => {
    const names = read(path).match(/\b(HORDE_GITHUB_SYNC|GITHUB_APP)_[A-Z_]+\b/g) ?? [];
    const env = Object.fromEntries(names.map((name) => [name, "x"]));
    for (const name of OF_THE_COMMAND_LINE) delete env[name];
    expect(findMisnamed(readSettings(env))).toEqual({ warnings: [], problems: [] });
  });
});

describe("the image", () => {
  it("is built from files that exist, and from no others", () => {
    const copied = Array.from(read("Dockerfile").matchAll(/^COPY (?!--)(.+) \S+$/gm), ([, files = ""]) =>
      files.split(" "),
    );
    const allowed = Array.from(read(".dockerignore").matchAll(/^!(.+)$/gm), ([, path]) => path);
    expect(copied.flat().sort()).toEqual([...allowed].sort());
    expect(copied.flat().filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
