/**
 * `POST /github`: GitHub's webhook, so that what people do there is seen at once. It tells nothing that is taken on
 * trust: it only makes a look due, which reads GitHub itself.
 */
import { verify } from "@octokit/webhooks-methods";
import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { parseJsonOrNull } from "../core/parse-json.ts";
import { answerError } from "./answers.ts";
import type { AppOptions } from "./app-options.ts";
import { readDelivery } from "./delivery.ts";
import { isRepeated, whenToLook } from "./pace.ts";
import { refuseGuess } from "./token.ts";

/** GitHub's own limit is 25 MB, of a push of thousands of commits; the next reconcile sees what such a one did. */
const MAX_BODY_BYTES = 4 * 2 ** 20;

export function addHookRoutes(app: Hono, options: AppOptions): void {
  const { settings } = options;
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () =>
      answerError({
        code: "too-large",
        message: `The body may hold at most ${MAX_BODY_BYTES / 2 ** 20} MiB.`,
        status: 413,
      }),
  });
  if (settings.kind === "misconfigured") {
    const message = "The settings cannot be used; the status page says why.";
    app.post("/github", () => answerError({ code: "misconfigured", message, status: 503 }));
    return;
  }
  const { config } = settings;
  const secret = config.githubWebhookSecret;
  if (secret === null) {
    const message = "There is nothing at /github: the secret GITHUB_WEBHOOK_SECRET is not set.";
    app.post("/github", () => answerError({ code: "not-found", message, status: 404 }));
    return;
  }

  app.post("/github", limit, async (c) => {
    c.header("cache-control", "no-store");
    const body = await c.req.text();
    const signature = c.req.header("x-hub-signature-256") ?? "";
    if (!(await isSigned(secret, body, signature))) return refuseSignature(c, options);
    const event = c.req.header("x-github-event") ?? "";
    if (event === "ping") return c.json({ pong: true });
    const delivery = readDelivery(event, readPayload(c, body), config);
    if (delivery.kind === "malformed") {
      const message = `The payload is not that of a ${event} event. Choose application/json as the webhook's content type.`;
      return answerError({ code: "bad-request", message, status: 400 });
    }
    if (delivery.kind === "ignored") return c.json({ look: null, why: delivery.why }, 202);
    const { role, where } = delivery.touched;
    const { owner, name } = config.repositories[role];
    if (isRepeated(signature, options.pace, options.now()))
      return c.json({ look: null, why: "It was taken before." }, 202);
    const delayMs = whenToLook(`${role} ${where}`, options.pace, options.now());
    if (delayMs !== null) options.hear(delivery.touched, delayMs);
    return c.json({ look: `${owner}/${name}` }, 202);
  });
}

/** The library throws where the signature is no signature at all. */
async function isSigned(secret: string, body: string, signature: string): Promise<boolean> {
  try {
    return body !== "" && (await verify(secret, body, signature));
  } catch {
    return false;
  }
}

/** GitHub sends a form unless it is told otherwise. */
function readPayload(c: Context, body: string): unknown {
  const isForm = (c.req.header("content-type") ?? "").startsWith("application/x-www-form-urlencoded");
  return parseJsonOrNull(isForm ? new URLSearchParams(body).get("payload") : body);
}

async function refuseSignature(c: Context, options: AppOptions): Promise<Response> {
  const refused = await refuseGuess(c, options.countFailure);
  if (refused !== null) return refused;
  return answerError({
    code: "unauthorized",
    message: "The signature (X-Hub-Signature-256) is not one with GITHUB_WEBHOOK_SECRET.",
    status: 401,
  });
}
