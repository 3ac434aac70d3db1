/**
 * The bearer token that guards manual triggers. Closed by default: without a configured token nothing is accepted.
 */
import type { MiddlewareHandler } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { answerError } from "./answers.ts";
import type { Settings } from "./status.ts";

const CHALLENGE = { "www-authenticate": 'Bearer realm="horde-model-reference-sync"' };

/** 503 without a configured token, 401 without the right one. The comparison takes constant time. */
export function requireToken(settings: Settings): MiddlewareHandler {
  const closed = closedBecause(settings);
  if (closed !== null) return async () => closed();
  const token = settings.kind === "configured" ? (settings.config.triggerToken ?? "") : "";
  const guard = bearerAuth({ token });
  return async (c, next) => {
    let isAccepted = false;
    try {
      await guard(c, async () => {
        isAccepted = true;
      });
    } catch {
      isAccepted = false;
    }
    if (isAccepted) return next();
    const message = "Send the trigger token: Authorization: Bearer <TRIGGER_TOKEN>.";
    return answerError({ code: "unauthorized", message, status: 401, headers: CHALLENGE });
  };
}

function closedBecause(settings: Settings): (() => Response) | null {
  if (settings.kind === "misconfigured") {
    return () => answerError({ code: "misconfigured", message: settings.problems.join(" "), status: 503 });
  }
  if (settings.config.triggerToken !== null) return null;
  const message = "Manual triggers are off: the secret HORDE_GITHUB_SYNC_TRIGGER_TOKEN is not set.";
  return () => answerError({ code: "no-trigger-token", message, status: 503 });
}
