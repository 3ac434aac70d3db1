/**
 * The alerts and the dashboard name metrics and labels that `GET /metrics` really has, and Prometheus's own tool takes
 * them, where there is one (`PROMTOOL`, or on the PATH).
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it, test } from "vitest";
import * as z from "zod/mini";
import { REPOSITORY_OUTCOMES } from "../../src/contract/report.ts";
import { SERVICE_STATES } from "../../src/present/wording.ts";
import { ROOT, read, readYaml } from "./files.ts";
import { metricsServed, type Served } from "./metrics-served.ts";

const ALERTS = "examples/prometheus/alerts.yaml";
const DASHBOARD = "examples/grafana/dashboard.json";

const Rules = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string(), expr: z.string() })) })),
});
const Dashboard = z.looseObject({
  panels: z.array(
    z.looseObject({
      id: z.number(),
      title: z.string(),
      targets: z.array(z.looseObject({ expr: z.string(), legendFormat: z.string() })),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
    }),
  ),
});

const rules = Rules.parse(readYaml(ALERTS)[0]).groups.flatMap((group) => group.rules);
const { panels } = Dashboard.parse(JSON.parse(read(DASHBOARD)));
const EXPRESSIONS = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
];

let served: Served;
beforeAll(async () => {
  served = await metricsServed();
});

describe("every expression", () => {
  it.each(EXPRESSIONS)("of %s asks for what is served", (_title, expr) => {
    const names = expr.match(/\bmodel_reference_sync_\w+/g) ?? [];
    expect(names.length + (expr.match(/^up\{/)?.length ?? 0)).toBeGreaterThan(0);
    expect(names.filter((name) => !served.has(name))).toEqual([]);
    const labels = new Set(["instance", "job", ...names.flatMap((name) => [...(served.get(name) ?? [])])]);
    const asked = [
      ...expr.matchAll(/[{,]\s*(\w+)\s*=~?/g),
      ...Array.from(expr.matchAll(/(?:by|on) \(([\w, ]+)\)/g), ([, list = ""]) =>
        list.split(/, */).map((name) => ["", name]),
      ).flat(),
    ].map(([, name = ""]) => name);
    expect(asked.filter((name) => !labels.has(name))).toEqual([]);
  });

  it("names states and outcomes that there are", () => {
    const known: readonly string[] = [...Object.keys(SERVICE_STATES), ...REPOSITORY_OUTCOMES];
    const named = EXPRESSIONS.flatMap(([, expr]) => Array.from(expr.matchAll(/\b(?:state|outcome)=~?"([^"]+)"/g)));
    expect(named.length).toBeGreaterThan(2);
    expect(named.flatMap(([, values = ""]) => values.split("|")).filter((value) => !known.includes(value))).toEqual([]);
  });
});

describe("the dashboard", () => {
  it("shows every metric there is, but for what others tell as well", () => {
    const shown = EXPRESSIONS.flatMap(([, expr]) => expr.match(/\bmodel_reference_sync_\w+/g) ?? []);
    const left = [...served.keys()].filter((name) => !shown.includes(name));
    expect(left).toEqual([
      "model_reference_sync_info",
      "model_reference_sync_next_attempt_timestamp_seconds",
      "model_reference_sync_primary_last_updated_timestamp_seconds",
      "model_reference_sync_github_rate_limit_reset_timestamp_seconds",
    ]);
  });

  it("has panels that lie beside one another on its 24 columns", () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_cell, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it("fills its legends from labels that are served", () => {
    const legends = panels.flatMap(({ targets }) => targets.map(({ legendFormat }) => legendFormat));
    const labels = new Set([...served.values()].flatMap((names) => [...names]));
    const named = legends.flatMap((legend) => Array.from(legend.matchAll(/\{\{(\w+)\}\}/g), ([, name = ""]) => name));
    expect(named.filter((name) => !labels.has(name))).toEqual([]);
  });
});

const promtool = process.env["PROMTOOL"] ?? "promtool";
const hasTool = spawnSync(promtool, ["--version"]).status === 0;
if (!hasTool) console.warn("SKIPPED: there is no promtool; PROMTOOL may name one.");
test.skipIf(!hasTool)("Prometheus takes the rules, and each alert comes when it should and not before", () => {
  const run = (...args: string[]) => spawnSync(promtool, args, { cwd: ROOT, encoding: "utf8" });
  expect(run("check", "config", "examples/prometheus/prometheus.yaml")).toMatchObject({ status: 0 });
  const { status, stdout, stderr } = run("test", "rules", join("test/examples/alerts.test.yaml"));
  expect(stderr + stdout).not.toContain("FAILED");
  expect(status).toBe(0);
});
