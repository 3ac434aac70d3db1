import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { SECRETS } from "../../src/config/migration.ts";
import { PREFIX, PREFIXED, readSettings } from "../../src/config/settings.ts";
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

  it("takes a known name in any case, as the Python service does, and as it is listed first of all", () => {
    const env = { horde_github_sync_dry_run: "true", github_app_id: "1", GITHUB_APP_ID: "2", Path: "/bin" };
    expect([...readSettings(env)]).toEqual([
      ["HORDE_GITHUB_SYNC_DRY_RUN", "true"],
      ["GITHUB_APP_ID", "2"],
      ["Path", "/bin"],
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

  it("sets all of them, but for secrets", () => {
    const names = PREFIXED.map((name) => PREFIX + name).filter((name) => !SECRETS.includes(name));
    const set = pairs.map(([name]) => name);
    expect(names.filter((name) => !set.includes(name))).toEqual([]);
    expect(set.filter((name) => SECRETS.includes(name ?? ""))).toEqual([]);
  });

  it("repeats the code's own defaults, but for the watch", () => {
    const { primaryUrl: _url, watch: _watch, ...set } = parseConfig({ ...LEAST_ENV, ...Object.fromEntries(pairs) });
    expect(parseConfig(LEAST_ENV)).toMatchObject(set);
  });
});
