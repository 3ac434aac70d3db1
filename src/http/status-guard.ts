/**
 * What the status says where it is not open to everybody: every read asks for the trigger token, but for what a monitor
 * and a browser need to know that something is there.
 */
import type { Context, Hono, MiddlewareHandler } from "hono";
import * as z from "zod/mini";
import type { Configured } from "../config/configured.ts";
import { renderRefusalPage } from "../present/page/refusal-page.ts";
import { answerError, readError } from "./answers.ts";
import type { AppOptions } from "./app-options.ts";
import { chooseForm } from "./negotiate.ts";
import { ownPathOf } from "./own-path.ts";
import { isPageForm, readFormToken, servePageForms } from "./page-form.ts";
import { type CountFailure, requireToken } from "./token.ts";

/** Adds nothing where the status is public. Anything that is not named here is closed, whoever adds it. */
export function guardStatus(app: Hono, options: Pick<AppOptions, "settings" | "countFailure" | "version">): void {
  const { settings, countFailure } = options;
  const access = settings.kind === "configured" ? settings.config : settings.access;
  if (access.public.status) return;
  const ask = access.triggerToken === null ? refuseAll(settings) : askForToken(access.triggerToken, countFailure);
  const forms = servePageForms(options.version);
  app.use(async (c, next) => {
    const isRead = c.req.method === "GET" || c.req.method === "HEAD";
    if (isPageForm(c) && !WRITES.has(c.req.path)) {
      return forms(c, async () => {
        const refused = await ask(c, async () => {
          c.res = await readAs(c, app);
        });
        if (refused instanceof Response) c.res = await showRefusal(c, refused, options.version);
      });
    }
    if (!isRead || OWN_RULES.has(c.req.path)) return next();
    if (c.req.path === "/healthz") return narrowHealth(c, next);
    const refused = await ask(c, next);
    if (refused instanceof Response) return showRefusal(c, refused, options.version);
    c.header("cache-control", "private, no-store");
    return undefined;
  });
}

/** The icon is the same for everybody; the others ask for the token themselves. */
const OWN_RULES: ReadonlySet<string> = new Set(["/favicon.svg", "/favicon.ico", "/preview", "/check"]);

/** Their forms ask for the token as well, and do something. */
const WRITES: ReadonlySet<string> = new Set(["/sync", "/preview", "/pause", "/resume", "/github"]);

/** Whatever else is wrong with the settings, who has the token may see it. */
function askForToken(triggerToken: string, countFailure: CountFailure | undefined): MiddlewareHandler {
  const settings = { kind: "configured" as const, config: { triggerToken } };
  return requireToken({ settings, countFailure, allowsBasic: false, allowsForm: true });
}

/** What a browser cannot ask for by itself: the page under this address, with the token that stood in the form. */
async function readAs(c: Context, app: Hono): Promise<Response> {
  const headers = { accept: c.req.header("accept") ?? "*/*", authorization: `Bearer ${await readFormToken(c)}` };
  return app.fetch(new Request(c.req.url, { headers }));
}

function refuseAll({ kind }: Configured): MiddlewareHandler {
  const wrong =
    kind === "misconfigured" ? " Other settings cannot be used either; the log of a tick lists them all." : "";
  const message = `The status is not public, and nobody can read it: the secret HORDE_GITHUB_SYNC_TRIGGER_TOKEN is not set.${wrong}`;
  return async () => answerError({ code: "no-trigger-token", message, status: 503 });
}

const Narrow = z.object({ status: z.string(), reasons: z.optional(z.array(z.string())) });

/** A monitor has no token: it learns whether somebody has to look, and why, and of the replica nothing. */
async function narrowHealth(c: Context, next: () => Promise<void>): Promise<void> {
  await next();
  const told = Narrow.safeParse(await c.res.clone().json());
  if (!told.success) return;
  const { status, headers } = c.res;
  c.res = new Response(JSON.stringify({ ...told.data, replica: null }), { status, headers });
}

/** Programs get the error as it is; a person in a browser gets a page that says the same. */
async function showRefusal(c: Context, refused: Response, version: string): Promise<Response> {
  const headers = new Headers(refused.headers);
  headers.set("vary", "Accept");
  const { status } = refused;
  if (chooseForm(c, ["json", "html"]) === "json") return new Response(refused.body, { status, headers });
  const told = await readError(refused);
  headers.set("content-type", "text/html; charset=UTF-8");
  const path = status === 503 ? null : ownPathOf(c.req.url);
  // Who only came by is told what opens it, and not how a program would send it.
  const message = status === 401 && !isPageForm(c) ? "The trigger token opens it:" : (told ?? "");
  const page = await renderRefusalPage({ message, path, version });
  return new Response(String(page), { status, headers });
}
