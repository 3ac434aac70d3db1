import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SyncEvent } from "../../src/notify/events.ts";
import { toDiscordMessage } from "../../src/notify/message.ts";
import { createNotifier } from "../../src/notify/webhook.ts";
import { hostileText } from "../fakes/hostile-text.ts";
import { createFakeHttp, dropped, empty } from "../fakes/http.ts";
import { createFakeLog } from "../fakes/log.ts";

const URL_WITH_SECRET = "https://hooks.test/api/webhooks/1/secret-8c9d";
const PLACES = { statusUrl: null, webUrl: "https://github.test" };
const opened: SyncEvent = {
  kind: "opened",
  repository: "haidra/image",
  pullRequest: { number: 7, url: "https://github.test/pull/7" },
  categories: [{ category: "clip", added: 2, removed: 0, modified: 1, renamed: 0 }],
};

function notifier(fetch: Parameters<typeof createNotifier>[0]["fetch"], url: string | null = URL_WITH_SECRET) {
  const { log, lines, events } = createFakeLog();
  return {
    tell: createNotifier({
      config: { notifyWebhookUrl: url, statusUrl: null, githubApiUrl: "https://github.test" },
      fetch,
      log,
    }),
    lines,
    events,
  };
}

describe("a notification", () => {
  it("is one message in Discord's shape, with mentions off", async () => {
    const http = createFakeHttp({ [`POST ${URL_WITH_SECRET}`]: empty(204) });
    const { tell, events } = notifier(http.fetch);
    await tell([opened, { kind: "recovered", errors: 12 }]);
    expect(http.seen.map(({ body }) => body)).toEqual([
      {
        username: "Model reference sync",
        embeds: [
          {
            title: "haidra/image: pull request #7 opened: review and merge it",
            description: "clip\\: 2 added, 0 removed, 1 modified",
            color: 0xbf8700,
            url: "https://github.test/pull/7",
          },
          { title: "Recovered", description: "The sync works again, after 12 failures in a row.", color: 0x2da44e },
        ],
        allowed_mentions: { parse: [] },
      },
    ]);
    expect(http.seen[0]?.headers.get("content-type")).toBe("application/json");
    expect(events()).toEqual(["notify.sent"]);
  });

  it.each<[string, string | null, SyncEvent[]]>([
    ["without a URL", null, [opened]],
    ["without an event", URL_WITH_SECRET, []],
  ])("is not sent %s", async (_what, url, events) => {
    const http = createFakeHttp({});
    await notifier(http.fetch, url).tell(events);
    expect(http.seen).toEqual([]);
  });

  it.each([
    ["is refused", empty(404), "notify.refused"],
    ["gets a redirect", empty(302), "notify.refused"],
    ["meets a broken connection", dropped(), "notify.failed"],
  ])("that %s costs a log line without the URL", async (_what, answer, event) => {
    const { tell, lines, events } = notifier(createFakeHttp({ [`POST ${URL_WITH_SECRET}`]: answer }).fetch);
    await expect(tell([opened])).resolves.toBeUndefined();
    expect(events()).toEqual([event]);
    expect(lines.join()).not.toMatch(/secret|hooks\.test/);
  });

  it("keeps the URL out of the log when the fault quotes it, and follows no redirect", async () => {
    const seen: RequestInit[] = [];
    const { tell, lines } = notifier(async (url, init) => {
      seen.push(init);
      throw new TypeError(`Failed to fetch ${url}`);
    });
    await tell([opened]);
    expect(lines.join()).not.toMatch(/secret|hooks\.test/);
    expect(seen[0]?.redirect).toBe("manual");
    expect(seen[0]?.signal).toBeInstanceOf(AbortSignal);
  });

  it("says how many there are when there are too many", () => {
    const events = Array.from({ length: 14 }, () => opened);
    const { embeds } = toDiscordMessage(events, PLACES);
    expect([embeds.length, embeds.at(-1)?.title]).toEqual([10, "And 5 more"]);
  });

  it("stays within Discord's limits, and no text in it takes effect", () => {
    const event = fc.oneof(
      fc.record({
        kind: fc.constant("held" as const),
        repository: fc.constant("o/r"),
        category: hostileText,
        why: hostileText,
      }),
      fc.record({
        kind: fc.constant("degraded" as const),
        errors: fc.nat(),
        reasons: fc.array(hostileText, { maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 14 }), (events) => {
        const { embeds } = toDiscordMessage(events, PLACES);
        const text = embeds.map(({ title, description }) => title + description).join("");
        expect(text.length).toBeLessThanOrEqual(6000);
        for (const { title, description } of embeds) {
          expect(title.length).toBeLessThanOrEqual(256);
          expect(description).not.toMatch(/(^|[^\\])(\\\\)*[<>*_~|`[\]():]|@(?!\u200b)|^[#-]/m);
        }
      }),
    );
  });
});

describe("a message about what waits for a person", () => {
  const waiting: SyncEvent[] = [
    { kind: "held", repository: "haidra/image", category: "clip", why: "It would remove 6 of 12 records." },
    { kind: "failing", errors: 3, reasons: ["GitHub answered 401."] },
    { ...opened, kind: "waiting", days: 7 },
    { kind: "edited", repository: "haidra/image", pullRequest: null },
  ];

  it("has a link and one next step", () => {
    const { embeds } = toDiscordMessage(waiting, { ...PLACES, statusUrl: "https://sync.test" });
    expect(embeds.map(({ url }) => url)).toEqual([
      "https://sync.test/",
      "https://sync.test/",
      "https://github.test/pull/7",
      "https://sync.test/",
    ]);
    expect(embeds.map(({ description }) => description.split("\n").at(-1))).toEqual([
      expect.stringContaining("publish it from the status page"),
      expect.stringContaining("what to do"),
      expect.stringContaining("merge or close it"),
      expect.stringContaining("Merge it, or close it"),
    ]);
  });

  it("links to the repository where nobody told the page's address", () => {
    const { embeds } = toDiscordMessage(waiting.slice(0, 2), PLACES);
    expect(embeds.map(({ url }) => url)).toEqual(["https://github.test/haidra/image", undefined]);
  });
});
