/**
 * What a person may do from the status page: look ahead, sync, stop the schedule and let it go on. Pure.
 */
import { html } from "hono/html";
import type { Status } from "../status.ts";
import { renderTextInput, renderTokenForm } from "./forms.ts";
import type { Markup } from "./layout.ts";
import { NOTHING } from "./parts.ts";

/** Characters of a reason to pause. */
export const MAX_REASON = 200;

const CLOSED = "Nothing can be done from here while HORDE_GITHUB_SYNC_TRIGGER_TOKEN is not set.";

/** Nothing while the settings cannot be used: then nothing can be done. */
export function renderActions({ config, paused, state }: Status): Markup | typeof NOTHING {
  if (state === "misconfigured") return NOTHING;
  const content = config.hasTrigger ? renderForms(paused !== null) : html`<p class="soft">${CLOSED}</p>`;
  return html`<section class="card" aria-labelledby="by-hand"><h2 id="by-hand">By hand</h2>${content}</section>`;
}

function renderForms(isPaused: boolean): Markup {
  const resume = isPaused ? [{ label: "Resume the schedule", action: "/resume" }] : [];
  const buttons = [{ label: "Preview" }, { label: "Sync now", action: "/sync" }, ...resume] as const;
  return html`${renderTokenForm({ action: "/preview", buttons })}
${isPaused ? NOTHING : renderPauseForm()}`;
}

function renderPauseForm(): Markup {
  return html`<details><summary>Pause the schedule</summary>${renderTokenForm({
    action: "/pause",
    purpose: "to pause",
    inputs: renderTextInput("reason", "Reason", MAX_REASON),
    buttons: [{ label: "Pause" }],
  })}</details>`;
}
