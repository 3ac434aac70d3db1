/**
 * Tells events to a Discord webhook, or to anything that takes its JSON. Does I/O.
 *
 * One attempt with a time-out, after the run and outside it: a message that cannot be sent costs a log line. The URL
 * is a secret, so that no part of it, and no message of a fault that may quote it, is logged.
 *
 * @see https://discord.com/developers/docs/resources/webhook#execute-webhook
 */
import type { Logger } from "../core/log.ts";
import type { Fetch } from "../net/transport.ts";
import type { SyncEvent } from "./events.ts";
import { type Places, toDiscordMessage } from "./message.ts";

export interface NotifierOptions extends Places {
  /** `null`: nobody is told. */
  readonly url: string | null;
  readonly fetch: Fetch;
  readonly userAgent: string;
  readonly log: Logger;
}

const TIMEOUT_MS = 10_000;

/** A function that never rejects. */
export function createNotifier({ url, statusUrl, webUrl, fetch, userAgent, log }: NotifierOptions) {
  return async (events: readonly SyncEvent[]): Promise<void> => {
    if (url === null || events.length === 0) return;
    const kinds = events.map(({ kind }) => kind);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const answer = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", "user-agent": userAgent },
        body: JSON.stringify(toDiscordMessage(events, { statusUrl, webUrl })),
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
