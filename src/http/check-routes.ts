/**
 * `GET /check`: what a deployment needs, tried one by one. Behind the trigger token, because it asks GitHub a lot.
 */
import type { Hono } from "hono";
import { describeItem } from "../check/items.ts";
import { renderCheckPage } from "../present/page/check-page.ts";
import type { AppOptions } from "./app-options.ts";
import { chooseForm } from "./negotiate.ts";
import { requireToken } from "./token.ts";

export function addCheckRoutes(app: Hono, options: AppOptions): void {
  const { settings, version } = options;
  app.get("/check", requireToken({ settings, countFailure: options.countFailure, allowsBasic: true }), async (c) => {
    const report = await options.check();
    const form = chooseForm(c, ["json", "html", "text"]);
    if (form === "json") return c.json(report);
    if (form === "text") return c.text(`${report.items.map(describeItem).join("\n")}\n`);
    return c.html(renderCheckPage({ report, version }));
  });
}
