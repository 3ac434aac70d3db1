/**
 * What starts a run: `POST /sync`, and `GET /preview`, which writes nothing.
 */
import type { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { PlannedFile } from "../contract/report.ts";
import { SyncError } from "../core/errors.ts";
import { diffFile, formatDiffs } from "../files/unified-diff.ts";
import { type RepositoryDiff, renderPreviewPage } from "../present/page/preview-page.ts";
import type { Settings } from "../present/status.ts";
import { renderReport } from "../present/text/report-text.ts";
import type { RunRequest } from "../sync/run.ts";
import { answerError } from "./answers.ts";
import type { AppOptions } from "./app-options.ts";
import { chooseForm } from "./negotiate.ts";
import { MAX_BODY_BYTES, parseSyncRequest } from "./sync-request.ts";
import { type CountFailure, requireToken } from "./token.ts";

/** What one page may show, and what it may cost: some 0.2 s of work for today's largest file. */
const DIFF_LIMITS = { maxLines: 2000, maxEdits: 1000, maxCharacters: 8 * 2 ** 20 };

export function addSyncRoutes(app: Hono, options: AppOptions): void {
  const { settings } = options;
  const countFailure: CountFailure = options.countFailure ?? (async () => true);
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () =>
      answerError({
        code: "too-large",
        message: `The body may hold at most ${MAX_BODY_BYTES / 1024} KiB.`,
        status: 413,
      }),
  });

  app.post("/sync", requireToken({ settings, countFailure, allowsBasic: false }), limit, async (c) => {
    const request = readRequest(await c.req.text(), c.req.url, settings);
    const report = await options.sync(request);
    const status = report.outcome === "failed" ? 502 : 200;
    return chooseForm(c, ["json", "text"]) === "text" ? c.text(renderReport(report), status) : c.json(report, status);
  });

  app.get("/preview", requireToken({ settings, countFailure, allowsBasic: true }), async (c) => {
    if (new URL(c.req.url).searchParams.has("dryRun"))
      throw new SyncError("bad-request", "A preview is always a dry run. Valid here: categories and force.");
    const request = readRequest("", c.req.url, settings);
    const { report, planned } = await options.preview({ ...request, isDryRun: true });
    const status = report.outcome === "failed" ? 502 : 200;
    const form = chooseForm(c, ["text", "html", "json"]);
    if (form === "json") return c.json(report, status);
    const diffs = planned.map(toDiff);
    if (form === "text") return c.text(report.outcome === "failed" ? renderReport(report) : formatAll(diffs), status);
    return c.html(renderPreviewPage({ report, diffs, version: options.version, now: options.now() }), status);
  });
}

function readRequest(body: string, url: string, settings: Settings): Omit<RunRequest, "id"> {
  if (settings.kind === "misconfigured") throw new SyncError("misconfigured", settings.problems.join(" "));
  return parseSyncRequest(body, new URL(url).searchParams, settings.config);
}

function toDiff({ repository, ...file }: PlannedFile): RepositoryDiff {
  return { repository, diff: diffFile(file, DIFF_LIMITS) };
}

function formatAll(diffs: readonly RepositoryDiff[]): string {
  return formatDiffs(diffs.map(({ diff }) => diff));
}
