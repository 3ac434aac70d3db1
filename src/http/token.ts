/**
 * The trigger token that guards what costs something. Closed by default: without a configured token nothing is
 * accepted. Failures are counted by address, and the right token is never refused, so that a stranger behind the same
 * address cannot lock the owner out.
 */
import type { Context, MiddlewareHandler } from "hono";
import { basicAuth } from "hono/basic-auth";
import { bearerAuth } from "hono/bearer-auth";
import { timingSafeEqual } from "hono/utils/buffer";
import type { Configured } from "../config/configured.ts";
import { answerError } from "./answers.ts";
import { toClientKey } from "./client-address.ts";
import { readFormToken } from "./page-form.ts";

/** Counts a failure of `key`. @returns whether it is still within the limit */
export type CountFailure = (key: string) => Promise<boolean>;

/** The part of the settings that matters here. */
export type TokenSettings =
  | { readonly kind: "configured"; readonly config: { readonly triggerToken: string | null } }
  | Extract<Configured, { kind: "misconfigured" }>;

export interface TokenOptions {
  readonly settings: TokenSettings;
  /** Without it wrong tokens are not limited. */
  readonly countFailure: CountFailure | undefined;
  /**
   * A browser cannot send a bearer token by itself, but asks for a name and a password. Not for anything that writes:
   * a browser sends a password it knows also when another site's page makes the request.
   */
  readonly allowsBasic: boolean;
  /** Whether the token may be the field `token` of a form; see `page-form.ts`, which must come first. */
  readonly allowsForm?: boolean;
}

const REALM = 'realm="horde-model-reference-sync"';
/** Of the rate-limit binding in `wrangler.toml`. */
const RETRY_AFTER_SECONDS = 60;

/**
 * 503 without a configured token, 401 without the right one, 429 after too many wrong ones; never cached. The
 * comparison takes constant time.
 */
export function requireToken(options: TokenOptions): MiddlewareHandler {
  const { settings, countFailure, allowsBasic, allowsForm = false } = options;
  const closed = closedBecause(settings);
  if (closed !== null) return async () => closed();
  const token = settings.kind === "configured" ? (settings.config.triggerToken ?? "") : "";
  const bearer = bearerAuth({ token });
  const basic = basicAuth({ verifyUser: (_name, password) => timingSafeEqual(password, token) });
  return async (c, next) => {
    c.header("cache-control", "no-store");
    if ((await isAccepted(bearer, c)) || (allowsBasic && (await isAccepted(basic, c)))) return next();
    const typed = allowsForm ? await readFormToken(c) : null;
    if (typed !== null && typed !== "" && (await timingSafeEqual(typed, token))) return next();
    const isGuess = c.req.header("authorization") !== undefined || (typed ?? "") !== "";
    return (isGuess ? await refuseGuess(c, countFailure) : null) ?? unauthorized(allowsBasic, typed);
  };
}

/** Counts a wrong secret. @returns an answer when there were too many from its address */
export async function refuseGuess(c: Context, countFailure: CountFailure | undefined): Promise<Response | null> {
  const key = toClientKey(c.req.header("cf-connecting-ip") ?? "unknown");
  return countFailure === undefined || (await countFailure(key)) ? null : tooMany();
}

/** Hono's guards answer by throwing; ours is the one shape of errors. */
async function isAccepted(guard: MiddlewareHandler, c: Context): Promise<boolean> {
  let isRight = false;
  try {
    await guard(c, async () => {
      isRight = true;
    });
  } catch {
    return false;
  }
  return isRight;
}

/** @param typed what stood in the form; `null` where there was none */
function unauthorized(allowsBasic: boolean, typed: string | null): Response {
  const hint = allowsBasic ? ", or the token as the password of HTTP Basic with any name" : "";
  const sent = typed === "" ? "The trigger token is missing." : "That is not the trigger token.";
  return answerError({
    code: "unauthorized",
    message:
      typed === null
        ? `Send the trigger token: Authorization: Bearer <TRIGGER_TOKEN>${hint}.`
        : `${sent} It is what HORDE_GITHUB_SYNC_TRIGGER_TOKEN is set to.`,
    status: 401,
    // Chromium knows only the first scheme of a line.
    headers: { "www-authenticate": `${allowsBasic ? `Basic ${REALM}, charset="UTF-8", ` : ""}Bearer ${REALM}` },
  });
}

function tooMany(): Response {
  return answerError({
    code: "too-many-requests",
    message: `Too many wrong tokens from this address; wait ${RETRY_AFTER_SECONDS} seconds.`,
    status: 429,
    headers: { "retry-after": String(RETRY_AFTER_SECONDS) },
  });
}

function closedBecause(settings: TokenSettings): (() => Response) | null {
  if (settings.kind === "misconfigured") {
    // A status that is closed tells strangers nothing of the settings.
    const message = settings.access.public.status
      ? settings.problems.join(" ")
      : "The settings cannot be used; the status page, which asks for the trigger token, says why.";
    return () => answerError({ code: "misconfigured", message, status: 503 });
  }
  if (settings.config.triggerToken !== null) return null;
  const message = "Manual triggers are off: the secret HORDE_GITHUB_SYNC_TRIGGER_TOKEN is not set.";
  return () => answerError({ code: "no-trigger-token", message, status: 503 });
}
