/**
 * The strip of the last 30 days as an inline SVG, so that a bad week is seen at a glance. Pure.
 */
import { html } from "hono/html";
import type { RunSummary } from "../../state/store.ts";
import { type HistoryMark, viewHistory } from "../history.ts";
import type { Markup } from "./layout.ts";
import { NOTHING } from "./parts.ts";

const WIDTH = 720;
const MARK = 6;
/** Where marks of what went well begin, upwards; what failed hangs below it. */
const BASE = 40;
const HEIGHT = 56;
const LEAST = 6;

/** Nothing while there is no run. @param runs newest first */
export function renderHistory(runs: readonly RunSummary[], now: number): Markup | typeof NOTHING {
  const { marks, summary } = viewHistory(runs, now);
  if (marks.length === 0) return NOTHING;
  return html`<figure class="strip"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-labelledby="strip"><rect class="line" x="0" y="${BASE}" width="${WIDTH}" height="1"/>${marks.map(renderMark)}</svg>
<figcaption id="strip" class="soft small">${summary} Each mark is a run, as high as what it changed; what failed hangs below the line.</figcaption></figure>`;
}

function renderMark({ at, size, tone, title }: HistoryMark): Markup {
  const height = Math.round(LEAST + size * (BASE - LEAST));
  const x = Math.round(at * (WIDTH - MARK));
  const place = tone === "bad" ? { y: BASE + 2, height: HEIGHT - BASE - 2 } : { y: BASE - height, height };
  return html`<rect class="${tone}" x="${x}" y="${place.y}" width="${MARK}" height="${place.height}"><title>${title}</title></rect>\n`;
}
