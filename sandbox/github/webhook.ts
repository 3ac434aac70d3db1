import { randomUUID } from "node:crypto";
import { sign } from "@octokit/webhooks-methods";
import { settlePulls } from "./settling.ts";
import type { GitHubState } from "./state.ts";
import { type Delivery, pullDeliveries, pushDeliveries } from "./webhook-events.ts";
import { rememberPulls, rememberRefs, type Seen } from "./webhook-seen.ts";

/**
 * GitHub's webhook: tells a URL of every push and of what happens to pull requests, whoever did it and however. It
 * compares what is with what it saw last, because a push by git tells nobody.
 *
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
export interface WebhookOptions {
  readonly url: string;
  readonly secret: string;
  /** How often it looks; 500 unless told. */
  readonly everyMs?: number;
  /** Told of what could not be delivered; like GitHub it is not tried again. */
  readonly onError?: (error: unknown) => void;
}

export interface Webhook {
  /** Looks now. @returns how many deliveries were answered */
  look(): Promise<number>;
  stop(): void;
}

export function startWebhook(state: GitHubState, options: WebhookOptions): Webhook {
  const { everyMs = 500, onError = () => {} } = options;
  const seen = new Map<number, Seen>();
  collect(state, seen);
  // One look at a time, so that nothing is told out of order.
  let last: Promise<number> = Promise.resolve(0);
  const look = () => {
    last = last.then(async () => {
      let answered = 0;
      for (const delivery of collect(state, seen)) {
        try {
          await deliver(delivery, options);
          answered += 1;
        } catch (error) {
          onError(error);
        }
      }
      return answered;
    });
    return last;
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
}

/** What happened since the last time; of a repository that was not there then, nothing. */
function collect(state: GitHubState, seen: Map<number, Seen>): Delivery[] {
  return [...state.repositories.values()].flatMap((repository) => {
    settlePulls(state, repository);
    const context = { state, repository };
    const before = seen.get(repository.id);
    seen.set(repository.id, { refs: rememberRefs(repository), pulls: rememberPulls(repository) });
    if (before === undefined) return [];
    return [...pushDeliveries(context, before.refs), ...pullDeliveries(context, before.pulls)];
  });
}

async function deliver({ event, payload }: Delivery, { url, secret }: WebhookOptions): Promise<void> {
  const body = JSON.stringify(payload);
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/sandbox",
      "x-github-event": event,
      "x-github-delivery": randomUUID(),
      "x-github-hook-id": "1",
      "x-github-hook-installation-target-type": "repository",
      "x-hub-signature-256": await sign(secret, body),
    },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered the ${event} event with ${answer.status}: ${said.slice(0, 200)}`);
}
