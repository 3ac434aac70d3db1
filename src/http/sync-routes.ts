/**
 * What starts a run: `POST /sync`, and `/preview`, which writes nothing.
 */
import type { Context, Hono } from "hono";
import type { Configured } from "../config/configured.ts";
import type { PlannedFile, Report } from "../contract/report.ts";
import { SyncError } from "../core/errors.ts";
import { diffFile } from "../files/unified-diff.ts";
import { renderPreviewPage } from "../present/page/preview-page.ts";
import { renderRunPage } from "../present/page/run-page.ts";
import type { RepositoryDiff } from "../present/preview.ts";
import { webUrlIn } from "../present/status.ts";
import { renderPreview } from "../present/text/preview-text.ts";
import { renderReport } from "../present/text/report-text.ts";
import type { Preview } from "../service/service.ts";
import type { RunRequest } from "../sync/run-request.ts";
import { answerError } from "./answers.ts";
import type { AppOptions } from "./app-options.ts";
import { chooseForm } from "./negotiate.ts";
import { isPageForm, limitPrograms, readBody, servePageForms } from "./page-form.ts";
import { MAX_BODY_BYTES, parseSyncRequest } from "./sync-request.ts";
import { requireToken } from "./token.ts";

/** What one page may show, and what it may cost: some 0.2 s of work for today's largest file. */
const DIFF_LIMITS = { maxLines: 2000, maxEdits: 1000, maxCharacters: 8 * 2 ** 20 };

export function addSyncRoutes(app: Hono, options: AppOptions): void {
  const { settings } = options;
  const limit = limitPrograms({
    maxSize: MAX_BODY_BYTES,
    onError: () =>
      answerError({
        code: "too-large",
        message: `The body may hold at most ${MAX_BODY_BYTES / 1024} KiB.`,
        status: 413,
      }),
  });

  const forms = servePageForms(options.version);
  const guard = (allowsBasic: boolean) =>
    requireToken({ settings, countFailure: options.countFailure, allowsBasic, allowsForm: true });

  app.post("/sync", forms, guard(false), limit, async (c) => {
    const request = readRequest(await readBody(c), c.req.url, settings);
    const report = await options.sync(request);
    if (isOther(report, request)) return isPageForm(c) ? showAgain(c, request) : notAsShown(report);
    const status = report.outcome === "failed" ? 502 : 200;
    if (isPageForm(c)) return isKept(report, settings) ? c.redirect(`/runs/${report.id}`, 303) : showRun(c, report);
    return chooseForm(c, ["json", "text"]) === "text" ? c.text(renderReport(report), status) : c.json(report, status);
  });

  /** What is not in the list of runs is shown at once. */
  const showRun = (c: Context, report: Report) =>
    c.html(renderRunPage({ report, webUrl, version: options.version, now: options.now() }));

  const webUrl = webUrlIn(settings);
  const mayPublish = settings.kind === "configured" && !settings.config.dryRun;

  /** Once more, because it is something else now. */
  const showAgain = async (c: Context, { expected: _shown, ...request }: Omit<RunRequest, "id">) =>
    c.html(renderPreviewPage(toPage(await options.preview({ ...request, isDryRun: true }), OTHER), mayPublish), 409);

  const preview = async (c: Context, body: string) => {
    const request = readRequest(body, c.req.url, settings, "preview");
    const preview = await options.preview({ ...request, isDryRun: true });
    const { report } = preview;
    const status = report.outcome === "failed" ? 502 : 200;
    const form = chooseForm(c, ["text", "html", "json"]);
    if (form === "json") return c.json(report, status);
    if (form === "html") return c.html(renderPreviewPage(toPage(preview, null), mayPublish), status);
    return c.text(report.outcome === "failed" ? renderReport(report) : renderPreview(toPage(preview, null)), status);
  };
  const toPage = ({ report, planned, found }: Preview, notice: string | null) => {
    const { version, now } = options;
    return { report, diffs: planned.map(toDiff), found, notice, webUrl, version, now: now() };
  };
  app.get("/preview", guard(true), (c) => preview(c, ""));
  app.post("/preview", forms, guard(false), limit, async (c) => preview(c, await readBody(c)));
}

const OTHER =
  "PRIMARY or GitHub changed since it was shown, so that nothing was published by force. This is what it would be now.";

/** Whether the changes are others than those that the force was for; none at all is nothing to force. */
function isOther({ repositories }: Report, { expected, categories }: Omit<RunRequest, "id">): boolean {
  const [name] = categories ?? [];
  if (expected === undefined || expected === null || name === undefined) return false;
  const digests = repositories.flatMap((repository) => repository.categories[name]?.digest ?? []);
  return digests.some((digest) => digest !== expected);
}

function notAsShown({ id }: Report): Response {
  const message = `PRIMARY or GitHub changed since it was shown, so that nothing was forced (run ${id}). Look at a preview again, and give its digest.`;
  return answerError({ code: "not-as-shown", message, status: 409 });
}

/** A dry run leaves no trace, but where the settings make every run one. */
function isKept({ dryRun }: Report, settings: Configured): boolean {
  // The run's page would ask for the token again, and say nothing of what was done.
  if (settings.kind === "configured" && !settings.config.public.status) return false;
  return !dryRun || (settings.kind === "configured" && settings.config.noPr);
}

function readRequest(
  body: string,
  url: string,
  settings: Configured,
  use: "sync" | "preview" = "sync",
): Omit<RunRequest, "id"> {
  if (settings.kind === "misconfigured") throw new SyncError("misconfigured", settings.problems.join(" "));
  return parseSyncRequest(body, new URL(url).searchParams, settings.config, use);
}

function toDiff({ repository, ...file }: PlannedFile): RepositoryDiff {
  return { repository, diff: diffFile(file, DIFF_LIMITS) };
}
