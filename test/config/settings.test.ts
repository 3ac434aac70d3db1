import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { findUnknownSettings, readSettings } from "../../src/config/settings.ts";
import { LEAST_ENV } from "../fakes/settings.ts";

describe("reading settings", () => {
  it.each<[string, unknown, string | undefined]>([
    ["a text", " x ", "x"],
    ["a number", 60, "60"],
    ["a boolean", false, "false"],
    ["an array", ["a", 1], '["a",1]'],
    ["an empty text", " \n", undefined],
    ["a binding", { get: () => null }, undefined],
    ["null", null, undefined],
  ])("%s becomes its text, or nothing", (_what, value, expected) => {
    expect(readSettings({ NAME: value }).get("NAME")).toBe(expected);
  });

  it("warns of no name that only looks like one of an object", () => {
    expect(findUnknownSettings({ constructor: "x", toString: "y", HORDE_OTHER: "z" })).toEqual([]);
  });

  it("warns of what only the command line can use, and says what to do", () => {
    const env = { HORDE_GITHUB_SYNC_STATE_FILE: "s.json", HORDE_GITHUB_SYNC_WATCH_INITIAL_DELAY_SECONDS: "5" };
    expect(findUnknownSettings(env)).toEqual([
      "HORDE_GITHUB_SYNC_STATE_FILE has no effect here: a Worker keeps its state in KV.",
      "HORDE_GITHUB_SYNC_WATCH_INITIAL_DELAY_SECONDS has no effect here: the cron trigger decides when the first tick comes.",
    ]);
  });
});

describe("wrangler.toml", () => {
  const file = readFileSync(new URL("../../wrangler.toml", import.meta.url), "utf8");
  const pairs = [...file.matchAll(/^(HORDE_\w+) = "(.*)"$/gm)].map(([, name = "", value = ""]) => [name, value]);

  it("sets only what the service knows, and to what it accepts", () => {
    const config = parseConfig({ ...LEAST_ENV, ...Object.fromEntries(pairs) });
    expect(pairs.length).toBeGreaterThan(15);
    expect(config.warnings).toEqual([]);
    expect(config.watch).toEqual({ enabled: true, intervalSeconds: 60, startupSync: true, githubCheckSeconds: 300 });
  });

  it("repeats the code's own defaults, but for the watch", () => {
    const { primaryUrl: _url, watch: _watch, ...set } = parseConfig({ ...LEAST_ENV, ...Object.fromEntries(pairs) });
    expect(parseConfig(LEAST_ENV)).toMatchObject(set);
  });
});
