/**
 * A migration as files and as words. Pure.
 */
import { join } from "node:path";
import { LASTING_CHANGES, type Migration } from "../config/migration.ts";
import { toOneLine } from "../core/inert.ts";

/** TOML, whose basic strings are JSON's. */
export function renderVars({ vars }: Migration): string {
  const lines = Object.entries(vars).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return ["# For [vars] of wrangler.toml, in place of the lines of the same names", ...lines, ""].join("\n");
}

/** As `wrangler deploy --secrets-file` and `.dev.vars` take it. */
export function renderSecretsFile({ secrets }: Migration): string {
  return Object.entries(secrets)
    .map(([name, value]) => `${name}=${quote(value)}\n`)
    .join("");
}

/** Without their values. @param folder where they were written to; `null`: nowhere */
export function renderSecrets({ secrets }: Migration, folder: string | null): string {
  const names = Object.keys(secrets);
  if (names.length === 0) return "# There is no secret in the file.\n";
  const lines = names.map((name) => `#   ${name}`);
  if (folder === null)
    return [
      "# Secrets, whose values are not shown; --output-dir DIR writes them to DIR/secrets.env",
      ...lines,
      "",
    ].join("\n");
  const file = join(folder, "secrets.env");
  const cure = [`# npx wrangler deploy --secrets-file ${file}`, "# Delete the file afterwards."];
  return [`# Secrets, in ${file}, which only you can read`, ...lines, ...cure, ""].join("\n");
}

/** Not wrapped, so that the commands among them can be copied. */
export function renderChanges({ notes }: Pick<Migration, "notes">, file: string): string {
  const asItIs = `The same file works on the command line as it is: model-reference-sync --env-file ${file}`;
  const lines = [...LASTING_CHANGES, asItIs, ...notes].map((note) => `- ${toOneLine(note, 1000)}`);
  return ["", "What changes:", ...lines, ""].join("\n");
}

/**
 * Within double quotes `\n` is a newline, and nothing else is escaped; within the others everything stands for itself.
 *
 * @see https://github.com/motdotla/dotenv#multiline-values
 */
function quote(value: string): string {
  if (!/["\\]/.test(value)) return `"${value.replaceAll("\n", "\\n")}"`;
  const mark = ["'", "`"].find((one) => !value.includes(one)) ?? "'";
  return `${mark}${value}${mark}`;
}
