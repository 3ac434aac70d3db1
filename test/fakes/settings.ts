import type { Access } from "../../src/config/access.ts";
import { type Config, parseConfig } from "../../src/config/config.ts";

export const PRIMARY_URL = "https://primary.test";
export const GITHUB_URL = "https://github.test";
export const TRIGGER_TOKEN = "trigger-secret-0a1b2c3d";
export const GITHUB_TOKEN = "ghp_github-secret-4e5f6a7b";
export const WEBHOOK_URL = "https://hooks.test/webhook-secret-8c9d";

/** Everything is open to everybody. */
export const OPEN: Access = { public: { status: true, replica: true }, triggerToken: TRIGGER_TOKEN };

/** The least that a Worker needs. */
export const LEAST_ENV = {
  HORDE_GITHUB_SYNC_PRIMARY_API_URL: PRIMARY_URL,
  HORDE_GITHUB_SYNC_GITHUB_TOKEN: GITHUB_TOKEN,
} as const;

/** A configuration for the fakes. @param settings names without their prefix @param whole names that have none */
export function configWith(
  settings: Readonly<Record<string, string>> = {},
  whole: Readonly<Record<string, string>> = {},
): Config {
  const own = Object.entries(settings).map(([name, value]) => [`HORDE_GITHUB_SYNC_${name}`, value]);
  return parseConfig({
    ...LEAST_ENV,
    HORDE_GITHUB_SYNC_GITHUB_API_URL: GITHUB_URL,
    HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO: "haidra/image",
    HORDE_GITHUB_SYNC_GITHUB_TEXT_REPO: "haidra/text",
    HORDE_GITHUB_SYNC_TRIGGER_TOKEN: TRIGGER_TOKEN,
    HORDE_GITHUB_SYNC_NOTIFY_WEBHOOK_URL: WEBHOOK_URL,
    ...Object.fromEntries(own),
    ...whole,
  });
}
