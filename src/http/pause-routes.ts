/**
 * `POST /pause` and `POST /resume`: the schedule stands still without a deploy. Runs by hand go on.
 */
import type { Context, Hono } from "hono";
import { SyncError } from "../core/errors.ts";
import { parseJsonOrNull } from "../core/parse-json.ts";
import { MAX_REASON } from "../present/page/actions.ts";
import { renderDonePage } from "../present/page/done-page.ts";
import { answerError } from "./answers.ts";
import type { AppOptions } from "./app-options.ts";
import { isPageForm, limitPrograms, readBody, servePageForms } from "./page-form.ts";
import { requireToken } from "./token.ts";

const MAX_BODY_BYTES = 4096;

export function addPauseRoutes(app: Hono, options: AppOptions): void {
  const { settings, store, now } = options;
  const guard = requireToken({
    settings,
    countFailure: options.countFailure,
    allowsBasic: false,
    allowsForm: true,
  });
  const forms = servePageForms(options.version);
  const limit = limitPrograms({
    maxSize: MAX_BODY_BYTES,
    onError: () => answerError({ code: "too-large", message: "A reason takes at most 4 KiB.", status: 413 }),
  });

  const isOpen = settings.kind === "configured" && settings.config.public.status;
  /** The status page shows it; a closed one would only ask for the token again. */
  const showDone = (c: Context, message: string) =>
    isOpen ? c.redirect("/", 303) : c.html(renderDonePage({ message, version: options.version }));

  app.post("/pause", forms, guard, limit, async (c) => {
    const reason = readReason(await readBody(c));
    const pause = { since: new Date(now()).toISOString(), reason };
    await store.setPause(pause);
    return isPageForm(c) ? showDone(c, "The schedule is paused. Runs by hand go on.") : c.json({ paused: pause });
  });

  app.post("/resume", forms, guard, async (c) => {
    await store.setPause(null);
    return isPageForm(c) ? showDone(c, "The schedule goes on.") : c.json({ paused: null });
  });
}

/** JSON `{"reason": "…"}`, the form field `reason`, or nothing. */
function readReason(body: string): string {
  const text = body.trim();
  if (text === "") return "";
  const given = text.startsWith("{") ? reasonIn(parseJsonOrNull(text)) : new URLSearchParams(text).get("reason");
  if (typeof given !== "string")
    throw new SyncError("bad-request", 'The body may be empty, {"reason": "…"}, or a form with the field reason.');
  if (given.length > MAX_REASON)
    throw new SyncError("bad-request", `The reason may have at most ${MAX_REASON} characters.`);
  return given.trim();
}

function reasonIn(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return null;
  const names = Object.keys(value);
  return names.length === 0 ? "" : names.length === 1 && "reason" in value ? value.reason : null;
}
