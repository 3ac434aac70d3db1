/**
 * What `--help` prints. Pure.
 */
import { CATEGORY_NAMES } from "../category-names.ts";
import { wrap } from "../present/text/wrap.ts";
import { flagOf, isNegatable, OPTIONS, type Option } from "./option-table.ts";

const COLUMN = 26;

export function renderHelp(): string {
  return `Usage: model-reference-sync [check] [options]
       model-reference-sync migrate FILE [--output-dir DIR]

Compares PRIMARY with the legacy GitHub model references, and opens or updates a
pull request in each repository that differs. One run, unless it shall watch.
With check it tries what a deployment needs, one by one, and writes nothing.
With migrate it tells what a Worker needs of a file of settings, .env.sync say.

Options, and in brackets the settings they win over:
${OPTIONS.flatMap(renderOption).join("\n")}

Categories:
${wrap(CATEGORY_NAMES.join(", "), "  ").join("\n")}

Settings come from the environment, and from files given with --env-file. All
names of the Worker's settings are valid. For credentials:
  GITHUB_APP_ID, and GITHUB_APP_PRIVATE_KEY_PATH or GITHUB_APP_PRIVATE_KEY
  HORDE_GITHUB_SYNC_GITHUB_TOKEN or GITHUB_TOKEN

Exit codes:
  0  the run did its work, also when it held something back
  1  the run failed, or a part of it
  2  it was not started: unknown options or categories, bad or missing settings

Examples:
  model-reference-sync --primary-url https://models.aihorde.net --dry-run
  model-reference-sync --dry-run --output-dir preview
  model-reference-sync --env-file sync.env --categories image_generation
  model-reference-sync --env-file sync.env --watch --watch-startup-sync
  model-reference-sync check --env-file sync.env
`;
}

function renderOption(option: Option): string[] {
  const { short, help, setting } = option;
  const flag = `${short === undefined ? "" : `-${short}, `}${isNegatable(option) ? `--[no-]${option.name}` : flagOf(option)}`;
  const text = `${help}${setting === undefined ? "" : ` [${setting}]`}`;
  const fits = flag.length + 4 <= COLUMN;
  const first = `  ${flag}`.padEnd(COLUMN);
  return fits ? wrap(text, first, COLUMN) : [`  ${flag}`, ...wrap(text, " ".repeat(COLUMN))];
}
