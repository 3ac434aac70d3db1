import { describe, expect, it } from "vitest";
import type { Access } from "../../src/config/access.ts";
import { report } from "../fakes/report.ts";
import { OPEN } from "../fakes/settings.ts";
import { BEARER, CHROME, createAnswerApp } from "./answer-app.ts";

const RUN = report({ id: "mhx0k3v9a-4f7c2e" });
const READS = ["/", "/status", "/runs", `/runs/${RUN.id}`, "/metrics", "/badge.json", "/openapi.json", "/nothing"];
const CLOSED: Access = { ...OPEN, public: { status: false, replica: true } };

const closed = (more: Parameters<typeof createAnswerApp>[0] = {}) =>
  createAnswerApp({ settings: { PUBLIC: "replica" }, runs: [RUN], ...more });

describe("a status that is not public", () => {
  it.each(READS)("refuses %s to a stranger, and shows it to who has the token", async (path) => {
    const { request } = await closed();
    for (const method of ["GET", "HEAD"]) {
      const refused = await request(path, { method });
      expect([method, refused.status]).toEqual([method, 401]);
      expect(refused.headers.get("www-authenticate")).toBe('Bearer realm="horde-model-reference-sync"');
      expect(refused.headers.get("cache-control")).toBe("no-store");
      expect(await refused.text()).not.toContain(RUN.id);
    }
    const shown = await request(path, { headers: BEARER });
    expect(shown.status).toBe(path === "/nothing" ? 404 : 200);
    if (shown.ok) expect(shown.headers.get("cache-control")).toBe("private, no-store");
  });

  it("refuses programs with the one shape of errors, and a browser with a page", async () => {
    const { request } = await closed();
    const json = await request("/status");
    expect(await json.json()).toEqual({ error: { code: "unauthorized", message: expect.stringContaining("Bearer") } });
    const page = await request("/", { headers: { accept: CHROME } });
    expect([page.status, page.headers.get("content-type")]).toEqual([401, "text/html; charset=UTF-8"]);
    expect(page.headers.get("vary")).toMatch(/accept/i);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await page.text()).toContain("Not public");
  });

  it("tells a monitor whether it is well and why not, and nothing more", async () => {
    const well = await (await closed()).request("/healthz");
    expect([well.status, await well.json()]).toEqual([200, { status: "ok", replica: null }]);
    const { request } = await createAnswerApp({ problems: ["Something."], access: CLOSED });
    const ill = await request("/healthz");
    const said = { status: "unhealthy", reasons: ["misconfigured"], replica: null };
    expect([ill.status, await ill.json()]).toEqual([503, said]);
  });

  it("counts wrong tokens, and says when there were too many", async () => {
    const counted: string[] = [];
    const countFailure = async (key: string) => counted.push(key) < 2;
    const { request } = await closed({ countFailure });
    const guess = { headers: { authorization: "Bearer wrong", "cf-connecting-ip": "192.0.2.1" } };
    expect((await request("/status", guess)).status).toBe(401);
    expect((await request("/runs", guess)).status).toBe(429);
    expect((await request("/runs")).status).toBe(401);
    expect(counted).toEqual(["192.0.2.1", "192.0.2.1"]);
  });

  it("can be read by nobody while no token is set, and says so", async () => {
    const { request } = await closed({ settings: { PUBLIC: "none", TRIGGER_TOKEN: "" } });
    const answer = await request("/status", { headers: BEARER });
    expect(answer.status).toBe(503);
    expect(await answer.text()).toMatch(/nobody can read it.*TRIGGER_TOKEN is not set\."/);
    const wrong = await createAnswerApp({ problems: ["Something."], access: { ...CLOSED, triggerToken: null } });
    const both = await wrong.request("/status");
    expect([both.status, await both.text()]).toEqual([503, expect.stringMatching(/the log of a tick lists them all/)]);
  });

  it("stays closed to strangers while the settings cannot be used, and open to who mends them", async () => {
    const { request } = await createAnswerApp({ problems: ["Something is wrong."], access: CLOSED });
    expect((await request("/status")).status).toBe(401);
    const shown = await request("/status", { headers: BEARER });
    expect(await shown.json()).toMatchObject({ problems: ["Something is wrong."] });
  });

  it("leaves alone what has rules of its own: the icon, the trigger, the replica", async () => {
    const { request } = await closed();
    expect((await request("/favicon.svg")).status).toBe(200);
    expect((await request("/sync", { method: "POST", headers: BEARER })).status).toBe(200);
    expect((await request("/preview", { headers: BEARER })).status).toBe(200);
    expect((await request("/model_references/v1/model_categories")).status).toBe(200);
    expect((await request("/status", { method: "POST" })).status).toBe(405);
  });
});

it("a status that is public asks nobody for anything", async () => {
  const { request } = await createAnswerApp({ settings: { PUBLIC: "status" }, runs: [RUN] });
  for (const path of READS.slice(0, -1)) expect([path, (await request(path)).status]).toEqual([path, 200]);
});
