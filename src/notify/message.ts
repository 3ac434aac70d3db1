/**
 * Events in the words and the JSON of a Discord webhook. Pure.
 *
 * Nothing in a message can mention anybody or be a link, except the pull request's own URL: text is escaped, and
 * `allowed_mentions` is empty.
 */
import { toOneLine } from "../core/inert.ts";
import type { SyncEvent } from "./events.ts";

/** @see https://discord.com/developers/docs/resources/message#embed-object */
interface Embed {
  readonly title: string;
  readonly description: string;
  readonly color: number;
  readonly url?: string;
}

export interface DiscordMessage {
  readonly username: string;
  readonly embeds: readonly Embed[];
  readonly allowed_mentions: { readonly parse: readonly never[] };
}

const GREEN = 0x2da44e;
const YELLOW = 0xbf8700;
const RED = 0xcf222e;

/** Discord takes at most 10 embeds, and 6,000 characters in all of them. */
const MAX_EMBEDS = 10;
/** Of names from the settings and GitHub, in which no Markdown can stand. */
const MAX_TITLE = 120;
const MAX_DESCRIPTION = 450;

/** Where people look, without a trailing slash. */
export interface Places {
  /** Of the service's own page; `null` where nobody told. */
  readonly statusUrl: string | null;
  /** GitHub's pages, such as `https://github.com`. */
  readonly webUrl: string;
}

/** What is about no pull request links to the service's page, or to the repository. */
export function toDiscordMessage(events: readonly SyncEvent[], { statusUrl, webUrl }: Places): DiscordMessage {
  const shown = events.length > MAX_EMBEDS ? events.slice(0, MAX_EMBEDS - 1) : events;
  const page = statusUrl === null ? {} : { url: `${statusUrl}/` };
  const linkOf = (event: SyncEvent) =>
    statusUrl === null && "repository" in event ? { url: `${webUrl}/${event.repository}` } : page;
  const embeds = shown.map((event) => ({ ...linkOf(event), ...toEmbed(event) }));
  const more = events.length - shown.length;
  if (more > 0)
    embeds.push({ ...page, title: `And ${more} more`, description: "The status page has them.", color: YELLOW });
  return { username: "Model reference sync", embeds, allowed_mentions: { parse: [] } };
}

function toEmbed(event: SyncEvent): Embed {
  switch (event.kind) {
    case "opened":
    case "updated": {
      const { repository, pullRequest, categories } = event;
      const what = event.kind === "opened" ? "opened: review and merge it" : "updated: review it again and merge it";
      const counts = categories.map(
        ({ category, added, removed, modified, renamed }) =>
          `${category}: ${added} added, ${removed} removed, ${modified} modified${renamed === 0 ? "" : `, ${renamed} renamed`}`,
      );
      return {
        title: toOneLine(`${repository}: pull request #${pullRequest.number} ${what}`, MAX_TITLE),
        description: toDescription(counts),
        color: YELLOW,
        ...(/^https?:\/\//.test(pullRequest.url) ? { url: pullRequest.url } : {}),
      };
    }
    case "edited":
    case "rejected":
    case "closed":
      return toTurn(event);
    case "waiting":
      return {
        title: toOneLine(
          `${event.repository}: pull request #${event.pullRequest.number} has waited for ${event.days} ${event.days === 1 ? "day" : "days"}`,
          MAX_TITLE,
        ),
        description: toDescription([
          "Review it, and merge or close it. Older workers and clients read what it changes.",
        ]),
        color: YELLOW,
        ...(/^https?:\/\//.test(event.pullRequest.url) ? { url: event.pullRequest.url } : {}),
      };
    case "held":
      return {
        title: toOneLine(`${event.repository}: ${event.category} is held`, MAX_TITLE),
        description: toDescription([
          event.why,
          "Check PRIMARY; if it is meant, publish it from the status page, or with force.",
        ]),
        color: YELLOW,
      };
    case "failing":
      return {
        title: event.errors === 1 ? "Failing" : `Failing: ${event.errors} attempts in a row`,
        description: toDescription([...event.reasons, "It goes on trying; the status page says what to do."]),
        color: RED,
      };
    case "degraded":
      return {
        title: `Degraded: ${event.errors} failures in a row`,
        description: toDescription([...event.reasons, "It goes on trying, at most an hour apart."]),
        color: RED,
      };
    case "recovered":
      return {
        title: "Recovered",
        description: `The sync works again, after ${event.errors} failures in a row.`,
        color: GREEN,
      };
  }
}

const TURNS = {
  edited: {
    what: "holds a person's commit",
    todo: "The sync leaves it alone. Merge it, or close it; closed and with its branch deleted, the next run starts afresh.",
    color: YELLOW,
  },
  rejected: {
    what: "was closed unmerged",
    todo: "Just these changes are not proposed again. Use force to propose them all the same.",
    color: YELLOW,
  },
  closed: { what: "was closed by the sync", todo: "Nothing was left to merge.", color: GREEN },
} as const;

function toTurn({ kind, repository, pullRequest }: Extract<SyncEvent, { kind: keyof typeof TURNS }>): Embed {
  const { what, todo, color } = TURNS[kind];
  const subject = pullRequest === null ? "the branch sync/model-references" : `pull request #${pullRequest.number}`;
  const isLink = pullRequest !== null && /^https?:\/\//.test(pullRequest.url);
  return {
    title: toOneLine(`${repository}: ${subject} ${what}`, MAX_TITLE),
    description: toDescription([todo]),
    color,
    ...(isLink ? { url: pullRequest.url } : {}),
  };
}

function toDescription(lines: readonly string[]): string {
  let left = MAX_DESCRIPTION;
  const kept: string[] = [];
  for (const line of lines) {
    const text = escapeMarkdown(toOneLine(line, 200));
    if (text.length + 1 > left) return [...kept, "…"].join("\n");
    left -= text.length + 1;
    kept.push(text);
  }
  return kept.join("\n");
}

/**
 * Every sign that Discord's Markdown, mentions, emoji and links begin with, behind a backslash; an `@` is followed by
 * a zero-width space as well.
 *
 * @example escapeMarkdown("<@1> https://x") // "\\<@\u200b1\\> https\\://x"
 */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_~|<>[\]():]|^[#-]/g, "\\$&").replace(/@/g, "@\u200b");
}
