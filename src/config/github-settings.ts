/**
 * The settings that say where the repositories are, and who we are there.
 */

import type { RepositoryRole } from "../category-names.ts";
import { GITHUB_API_URL } from "./github-api-url.ts";
import { readPrivateKey } from "./private-key.ts";
import { SETTINGS } from "./setting-forms.ts";
import { PREFIX } from "./settings.ts";
import type { SettingsReader } from "./settings-reader.ts";
import { SYNC_BRANCH } from "./sync-branch.ts";

export interface RepositoryTarget {
  readonly owner: string;
  readonly name: string;
  readonly branch: string;
}

export type Auth =
  | { readonly kind: "none" }
  | { readonly kind: "token"; readonly token: string }
  | {
      readonly kind: "github-app";
      readonly appId: string;
      readonly installationId: number | null;
      /** PEM, PKCS#1 or PKCS#8. */
      readonly privateKey: string;
    };

/** The App before the token; `isOptional`: to have neither is a warning, and no problem. */
export function readAuth(reader: SettingsReader, isOptional: boolean): Auth {
  const { text, problems, warnings } = reader;
  const appId = text("GITHUB_APP_ID");
  const key = text("GITHUB_APP_PRIVATE_KEY");
  if (appId !== undefined && key !== undefined) return readApp(appId, key, reader);
  const own = reader.read(SETTINGS.syncToken);
  const token = own === undefined ? reader.read(SETTINGS.githubToken) : own;
  if (token === null) return { kind: "none" };
  const incomplete =
    appId !== undefined || key !== undefined
      ? `The GitHub App needs both GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY; ${appId === undefined ? "GITHUB_APP_ID" : "GITHUB_APP_PRIVATE_KEY"} is missing`
      : null;
  if (token !== undefined) {
    if (incomplete !== null) warnings.push(`${incomplete}; the token is used instead.`);
    return { kind: "token", token };
  }
  const missing = `No GitHub credentials: set GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, or ${PREFIX}GITHUB_TOKEN.`;
  if (incomplete !== null) problems.push(`${incomplete}.`);
  else if (isOptional) warnings.push(`${missing} A dry run reads without them, at 60 requests an hour.`);
  else problems.push(missing);
  return { kind: "none" };
}

function readApp(appId: string, key: string, reader: SettingsReader): Auth {
  const { problems } = reader;
  if (!/^[\w.-]+$/.test(appId)) problems.push("GITHUB_APP_ID must be the App's numeric id or its client id.");
  const read = readPrivateKey(key);
  if (read.kind === "unusable") {
    problems.push(
      `GITHUB_APP_PRIVATE_KEY must be the content of the App's .pem file (PKCS#1 or PKCS#8), with real or \\n newlines. What is set ${read.why}.`,
    );
  }
  const privateKey = read.kind === "key" ? read.pem : "";
  return { kind: "github-app", appId, installationId: readInstallation(reader), privateKey };
}

/** The Python service calls it `GITHUB_INSTALLATION_ID`, and its documentation as we do. */
const INSTALLATION = ["GITHUB_APP_INSTALLATION_ID", "GITHUB_INSTALLATION_ID"] as const;

function readInstallation({ text, problems }: SettingsReader): number | null {
  const given = INSTALLATION.filter((name) => text(name) !== undefined);
  for (const name of given) {
    if (!/^[1-9]\d{0,14}$/.test(text(name) ?? ""))
      problems.push(`${name} must be a positive whole number (leave it out to have it looked up).`);
  }
  const ids = new Set(given.map((name) => Number(text(name))));
  if (ids.size > 1) problems.push(`${INSTALLATION.join(" and ")} name different installations; set only one.`);
  const [id = null] = ids;
  return id;
}

/** Where the files of a role are: our own settings, or a fork's, which win. */
function readTarget({ text, problems }: SettingsReader, role: RepositoryRole): RepositoryTarget {
  const upper = role.toUpperCase();
  const fork = (part: string) =>
    text(`HORDE_MODEL_REFERENCE_${upper}_GITHUB_REPO_${part}`) ??
    text(`HORDE_MODEL_REFERENCE_${upper}_GITHUB_REPO__${part}`);
  const key = `${PREFIX}GITHUB_${upper}_REPO`;
  const [owner, name, ...rest] = (text(key) ?? `Haidra-Org/AI-Horde-${role}-model-reference`).split("/");
  const target = {
    owner: fork("OWNER") ?? owner ?? "",
    name: fork("NAME") ?? name ?? "",
    branch: fork("BRANCH") ?? text(`${PREFIX}GITHUB_BRANCH`) ?? "main",
  };
  if (rest.length > 0 || !isRepositoryPart(target.owner) || !isRepositoryPart(target.name)) {
    problems.push(`${key} must be "owner/name" (or set HORDE_MODEL_REFERENCE_${upper}_GITHUB_REPO_OWNER and _NAME).`);
  }
  if (!isBranchName(target.branch)) {
    problems.push(
      `The branch of the ${role} repository (${PREFIX}GITHUB_BRANCH or HORDE_MODEL_REFERENCE_${upper}_GITHUB_REPO_BRANCH) must be a valid branch name, as git check-ref-format --branch takes it, without anything invisible.`,
    );
  }
  if (target.branch === SYNC_BRANCH) {
    problems.push(
      `The branch of the ${role} repository (${PREFIX}GITHUB_BRANCH or HORDE_MODEL_REFERENCE_${upper}_GITHUB_REPO_BRANCH) must be another than ${SYNC_BRANCH}, which the sync makes, moves and deletes.`,
    );
  }
  if (SYNC_BRANCH.startsWith(`${target.branch}/`)) {
    problems.push(
      `The branch of the ${role} repository (${PREFIX}GITHUB_BRANCH or HORDE_MODEL_REFERENCE_${upper}_GITHUB_REPO_BRANCH) must be another than ${target.branch}: beside it Git cannot have ${SYNC_BRANCH}, which the sync makes.`,
    );
  }
  return target;
}

export function readTargets(reader: SettingsReader): Readonly<Record<RepositoryRole, RepositoryTarget>> {
  return { image: readTarget(reader, "image"), text: readTarget(reader, "text") };
}

/** Not both roles in one: the sync branch has the same name in all, and each role would undo the other's. */
export function expectTwo({ image, text }: ReturnType<typeof readTargets>, problems: string[]): void {
  const [one, other] = [image, text].map(({ owner, name }) => `${owner}/${name}`.toLowerCase());
  if (one !== other || image.name === "") return;
  problems.push(
    `The image and the text repository (${PREFIX}GITHUB_IMAGE_REPO and ${PREFIX}GITHUB_TEXT_REPO) must be two: the sync keeps a branch ${SYNC_BRANCH} in each.`,
  );
}

/** They are parts of GitHub's paths, where dots alone mean another place. */
function isRepositoryPart(name: string): boolean {
  return /^[\w.-]+$/.test(name) && !/^\.+$/.test(name);
}

/** As `git check-ref-format --branch` has it. Git takes characters that nobody sees; here they are slips of a paste. */
function isBranchName(name: string): boolean {
  const hasOddPart = name.split("/").some((part) => part === "" || part.startsWith(".") || part.endsWith(".lock"));
  return !hasOddPart && name !== "@" && name !== "HEAD" && !/^-|\.$|\.\.|@\{|[\s~^:?*[\\\p{C}]/u.test(name);
}

/**
 * Where people see what an API serves: `https://api.github.com` → `https://github.com`, and of GitHub Enterprise
 * `https://host/api/v3` → `https://host`.
 */
export function webUrlOf(apiUrl: string): string {
  return apiUrl === GITHUB_API_URL ? "https://github.com" : apiUrl.replace(/\/api\/v3$/, "");
}
