/**
 * `/runs` and `/runs/:id`: the history, from KV.
 */
import type { Hono } from "hono";
import { etag } from "hono/etag";
import { renderRunPage } from "../present/page/run-page.ts";
import { renderRunsPage } from "../present/page/runs-page.ts";
import { renderUnknownRunPage } from "../present/page/unknown-run-page.ts";
import { webUrlIn } from "../present/status.ts";
import { renderReport } from "../present/text/report-text.ts";
import { renderRuns } from "../present/text/runs-text.ts";
import { type Allowance, draw } from "../state/bucket.ts";
import { runStartedAt } from "../state/store.ts";
import { answerError } from "./answers.ts";
import type { AppOptions } from "./app-options.ts";
import { chooseForm } from "./negotiate.ts";
import { nextRunsPath, parseRunsQuery } from "./runs-request.ts";

/** KV takes a thousand lists a day on Workers Free, and a cursor that it does not know costs two. */
const LISTS: Allowance = { atOnce: 50, everyMs: 5 * 60_000 };

export function addRunRoutes(app: Hono, { store, settings, version, now, recentRuns }: AppOptions): void {
  app.get("/runs", etag(), async (c) => {
    const query = parseRunsQuery(new URL(c.req.url).searchParams);
    const drawn = draw(recentRuns.lists, now(), LISTS);
    if (drawn.kind === "empty") return tooManyLists(drawn.until - now());
    recentRuns.lists = drawn.bucket;
    const page = await store.pageRuns(query);
    const next = nextRunsPath(query.limit, page.cursor);
    c.header("cache-control", "no-cache");
    if (next !== null) c.header("link", `<${next}>; rel="next"`);
    const form = chooseForm(c, ["json", "html", "text"]);
    if (form === "json") return c.json(page);
    if (form === "text") return c.text(renderRuns(page, next));
    return c.html(renderRunsPage({ ...page, next, isContinued: query.cursor !== null, version, now: now() }));
  });

  app.get("/runs/:id", etag(), async (c) => {
    const id = c.req.param("id");
    const report = await store.readRun(id);
    const form = chooseForm(c, ["json", "html", "text"]);
    if (report === null) {
      const { message, isAwaited } = explainUnknown(id, now());
      if (form === "html") {
        const headers = { "cache-control": "no-store", ...(isAwaited ? AWAITED : {}) };
        return c.html(renderUnknownRunPage({ id: isAwaited ? id : null, message, version }), 404, headers);
      }
      return answerError({ code: "not-found", message, status: 404, ...(isAwaited ? { headers: AWAITED } : {}) });
    }
    c.header("cache-control", "no-cache");
    if (form === "json") return c.json(report);
    return form === "text"
      ? c.text(renderReport(report))
      : c.html(renderRunPage({ report, webUrl: webUrlIn(settings), version, now: now() }));
  });
}

const AWAITED = { "retry-after": "60" };
/** KV tells the other places of the world within a minute; a run takes some seconds, a reconcile of everything more. */
const AWAITED_MS = 15 * 60_000;

/** An id has in it when its run began, so that one that is yet to be told of is no mistake. */
function explainUnknown(id: string, now: number): { readonly message: string; readonly isAwaited: boolean } {
  const startedAt = runStartedAt(id);
  if (startedAt !== null && Math.abs(now - startedAt) < AWAITED_MS)
    return {
      message: "This run is not visible yet: that may take a minute. Load the page again then.",
      isAwaited: true,
    };
  return { message: "There is no such run; /runs lists those of the last 30 days.", isAwaited: false };
}

function tooManyLists(waitMs: number): Response {
  return answerError({
    code: "too-many-requests",
    message: "Runs were listed too often of late; / and /status have the latest ones.",
    status: 429,
    headers: { "retry-after": String(Math.ceil(waitMs / 1000)) },
  });
}
