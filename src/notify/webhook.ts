/**
 * Tells events to a Discord webhook, or to anything that takes its JSON. Does I/O.
 *
 * One attempt with a time-out, after the run and outside it: a message that cannot be sent costs a log line. The URL
 * is a secret, so that no part of it, and no message of a fault that may quote it, is logged.
 *
 * @see https://discord.com/developers/docs/resources/webhook#execute-webhook
 */
import type { Config } from "../config/config.ts";
import { webUrlOf } from "../config/github-settings.ts";
import type { Logger } from "../core/log.ts";
import { USER_AGENT } from "../core/version.ts";
import type { Fetch } from "../net/transport.ts";
import type { SyncEvent } from "./events.ts";
import { toDiscordMessage } from "./message.ts";

export interface NotifierOptions {
  /** `null`, or without a URL: nobody is told. */
  readonly config: Pick<Config, "notifyWebhookUrl" | "statusUrl" | "githubApiUrl"> | null;
  readonly fetch: Fetch;
  readonly log: Logger;
}

const TIMEOUT_MS = 10_000;

/** A function that never rejects. */
export function createNotifier({ config, fetch, log }: NotifierOptions) {
  return async (events: readonly SyncEvent[]): Promise<void> => {
    const url = config?.notifyWebhookUrl ?? null;
    if (config === null || url === null || events.length === 0) return;
    const places = { statusUrl: config.statusUrl, webUrl: webUrlOf(config.githubApiUrl) };
    const kinds = events.map(({ kind }) => kind);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const answer = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", "user-agent": USER_AGENT },
        body: JSON.stringify(toDiscordMessage(events, places)),
        // A redirect would carry the message, and the secret in its path, to somebody else.
        redirect: "manual",
        signal,
      });
      await answer.body?.cancel();
      if (answer.ok) log.info("notify.sent", { kinds });
      else log.warn("notify.refused", { kinds, status: answer.status });
    } catch {
      log.warn("notify.failed", { kinds, reason: signal.aborted ? "timeout" : "network" });
    }
  };
}
