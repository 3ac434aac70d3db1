/**
 * Everything that a deployment needs, tried one by one, each with its cure. Does I/O through ports; reads only.
 */
import { CATEGORIES, REPOSITORY_ROLES, type RepositoryRole } from "../categories.ts";
import type { Config } from "../config/config.ts";
import { describeError, SyncError } from "../core/errors.ts";
import { isSilent } from "../state/alarm-limits.ts";
import type { PrimaryPort } from "../sync/ports.ts";
import { type CheckItem, type CheckReport, toCheckReport } from "./items.ts";
import type { InspectionPort, Installation } from "./ports.ts";
import { checkRepository } from "./repository-checks.ts";

export interface CheckOptions {
  readonly config: Config;
  readonly primary: PrimaryPort;
  readonly repositories: Readonly<Record<RepositoryRole, InspectionPort>>;
  /** As the App itself; `null` without one. */
  readonly readInstallation: ((role: RepositoryRole) => Promise<Installation>) | null;
  /** Reads the state; `null` where none is kept. */
  readonly readState:
    | (() => Promise<{ readonly heartbeatAt: string | null; readonly pause: { readonly since: string } | null }>)
    | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Never throws: what cannot be tried has failed. */
export async function runCheck(options: CheckOptions): Promise<CheckReport> {
  const { config } = options;
  const roles = REPOSITORY_ROLES.filter((role) =>
    CATEGORIES.some((category) => category.role === role && config.categories.includes(category.name)),
  );
  const repositories = await Promise.all(roles.map((role) => checkRole(role, options)));
  const items = [
    ...(await checkPrimary(options)),
    ...checkCredentials(config),
    ...repositories.flat(),
    ...(await checkState(options)),
    ...checkWebhook(options),
    ...config.warnings.map((message): CheckItem => ({ name: "setting", subject: "", result: "warning", message })),
  ];
  return toCheckReport(items);
}

async function checkPrimary({ primary, config }: CheckOptions): Promise<CheckItem[]> {
  const told = (result: CheckItem["result"], message: string): CheckItem[] => [
    { name: "PRIMARY", subject: config.primaryUrl, result, message },
  ];
  try {
    const at = await primary.lastUpdated();
    if (at === null)
      return told("warning", "It answers, and has no timestamp yet: nothing was ever changed through it.");
    return told("ok", `It answers; its last change was on ${new Date(at * 1000).toISOString()}.`);
  } catch (error) {
    const { message } = describeError(error);
    const isOfV2 = error instanceof SyncError && error.code === "primary-not-legacy";
    const cure = isOfV2 ? "" : " Check HORDE_GITHUB_SYNC_PRIMARY_API_URL, and that it can be reached from here.";
    return told("failed", `${message}${cure}`);
  }
}

function checkCredentials({ auth, dryRun }: Config): CheckItem[] {
  const told = (result: CheckItem["result"], subject: string, message: string): CheckItem[] => [
    { name: "credentials", subject, result, message },
  ];
  switch (auth.kind) {
    case "github-app":
      return told("ok", `App ${auth.appId}`, "Its key can be read.");
    case "token":
      return told("ok", "token", "A token is set. Commits made with it are its owner's, and are not signed by GitHub.");
    case "none":
      return told(
        dryRun ? "warning" : "failed",
        "none",
        "Set GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, or HORDE_GITHUB_SYNC_GITHUB_TOKEN.",
      );
  }
}

function checkRole(role: RepositoryRole, options: CheckOptions): Promise<CheckItem[]> {
  const { config, repositories, readInstallation } = options;
  const { owner, name, branch } = config.repositories[role];
  return checkRepository({
    repository: `${owner}/${name}`,
    branch,
    config,
    port: repositories[role],
    readInstallation: readInstallation === null ? null : () => readInstallation(role),
  });
}

async function checkState({ readState, config, now }: CheckOptions): Promise<CheckItem[]> {
  if (readState === null) return [];
  try {
    const { heartbeatAt, pause } = await readState();
    const stored: CheckItem = { name: "state", subject: "KV", result: "ok", message: "It can be read." };
    const tick: CheckItem = { name: "tick", subject: "cron", ...describeTick(heartbeatAt, config, now) };
    return pause === null ? [stored, tick] : [stored, tick, describePause(pause.since)];
  } catch (error) {
    const message = `It cannot be read: ${describeError(error).message} Check the KV binding STATE in wrangler.toml.`;
    return [{ name: "state", subject: "KV", result: "failed", message }];
  }
}

function describePause(since: string): CheckItem {
  const message = `The schedule is paused since ${since}: no tick starts a run. POST /resume lets it go on.`;
  return { name: "pause", subject: "schedule", result: "warning", message };
}

/** GitHub tells only an administrator which webhooks there are, so that this is about our side. */
function checkWebhook({ config, readState }: CheckOptions): CheckItem[] {
  // A process that keeps no state here answers no calls either.
  if (readState === null) return [];
  const { githubWebhookSecret, watch } = config;
  const message =
    githubWebhookSecret === null
      ? `GITHUB_WEBHOOK_SECRET is not set, so that what people do on GitHub is seen within ${Math.ceil(watch.githubCheckSeconds / 60)} minutes.`
      : "POST /github takes what is signed with GITHUB_WEBHOOK_SECRET. On GitHub its address ends in /github, and its events are Pull requests and Pushes; its recent deliveries there show that it works.";
  return [{ name: "webhook", subject: "GitHub", result: "ok", message }];
}

function describeTick(
  last: string | null,
  { watch }: Config,
  now: number,
): { readonly result: "ok" | "warning" | "failed"; readonly message: string } {
  if (last === null) {
    const message = "There was none yet. The first comes within a minute of the deploy, where the crons are set.";
    return { result: "warning", message };
  }
  if (!isSilent(Date.parse(last), now, watch.intervalSeconds))
    return { result: "ok", message: `The last one was at ${last}.` };
  const cure = "the cron trigger does not fire. Deploy again, and see its past events.";
  return { result: "failed", message: `The last one was at ${last}: ${cure}` };
}
