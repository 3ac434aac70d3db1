/**
 * Forms of our own pages, which POST what a program would send with a bearer token: the token is the field `token`, and
 * whatever is refused is a page, where the form stands again.
 */
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { renderFormErrorPage } from "../present/page/form-error-page.ts";
import { answerError, readError } from "./answers.ts";
import { chooseForm } from "./negotiate.ts";
import { ownPathOf } from "./own-path.ts";

const FORM_TYPE = "application/x-www-form-urlencoded";
/** A page's fields are few and short. */
const MAX_BODY_BYTES = 64 * 1024;

/** A program that sends a form has its token in a header. */
export function isPageForm(c: Context): boolean {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  return c.req.method === "POST" && type === FORM_TYPE && c.req.header("authorization") === undefined;
}

/** @returns the field `token`; empty where there is none, and `null` where the request is no form of a page */
export async function readFormToken(c: Context): Promise<string | null> {
  return isPageForm(c) ? (new URLSearchParams(await c.req.text()).get("token") ?? "") : null;
}

/** The body without the token, as a program would send it. */
export async function readBody(c: Context): Promise<string> {
  const body = await c.req.text();
  if (!isPageForm(c)) return body;
  const fields = new URLSearchParams(body);
  fields.delete("token");
  return fields.toString();
}

/** Before the guard of a route that takes forms; other requests pass untouched. */
export function servePageForms(version: string): MiddlewareHandler {
  const limit = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: () => tooLarge() });
  return async (c, next) => {
    if (!isPageForm(c)) return next();
    const refused = isForeign(c) ? foreign() : await limit(c, next);
    const answer = refused instanceof Response ? refused : c.res;
    if (answer.status < 400 || chooseForm(c, ["json", "html"]) === "json") return refused;
    const page = await toErrorPage(c, answer, version);
    if (refused instanceof Response) return page;
    c.res = page;
    return undefined;
  };
}

/** `bodyLimit` for whoever is no form of a page: such a one was limited already, and its body is read. */
export function limitPrograms(options: Parameters<typeof bodyLimit>[0]): MiddlewareHandler {
  const limit = bodyLimit(options);
  return async (c, next) => (isPageForm(c) ? next() : limit(c, next));
}

/** Another site's page cannot know the token; it has no business here all the same. */
function isForeign(c: Context): boolean {
  return c.req.header("sec-fetch-site") === "cross-site";
}

function foreign(): Response {
  const message = "The form is on another site's page. Only those of this service's own pages are taken.";
  return answerError({ code: "cross-site", message, status: 403 });
}

function tooLarge(): Response {
  const message = `The body may hold at most ${MAX_BODY_BYTES / 1024} KiB.`;
  return answerError({ code: "too-large", message, status: 413 });
}

/** What is a page already stays as it is. */
async function toErrorPage(c: Context, answer: Response, version: string): Promise<Response> {
  const message = await readError(answer);
  if (message === null) return answer;
  const { status } = answer;
  const isTokenWrong = status === 401 || status === 429;
  const fields = isTokenWrong ? [...new URLSearchParams(await readBody(c))] : [];
  const again = isTokenWrong ? { action: ownPathOf(c.req.url), fields } : null;
  const page = await renderFormErrorPage({ status, message, again, version });
  const headers = new Headers(answer.headers);
  headers.set("content-type", "text/html; charset=UTF-8");
  headers.set("vary", "Accept");
  return new Response(String(page), { status, headers });
}
