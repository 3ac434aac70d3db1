/**
 * What is held, shown record by record and published as it was shown, on the sandbox.
 */
import { afterEach, beforeEach, expect, test } from "vitest";
import * as z from "zod/mini";
import { StoredReport } from "../../src/state/schema.ts";
import { TRIGGER_TOKEN } from "../world/ground.ts";
import { IMAGE, type LocalService, startLocalService } from "../world/local-service.ts";

const AUTHORIZED = { authorization: `Bearer ${TRIGGER_TOKEN}` };
const CATEGORY = "image_generation";

let service: LocalService;
let gone: readonly string[];

/** Six of twelve records go, and one changes. */
beforeEach(async () => {
  service = await startLocalService();
  await service.tick();
  const names = Object.keys(JSON.parse(service.sandbox.primary.category(CATEGORY) ?? "{}"));
  gone = names.slice(0, 6);
  for (const name of gone) service.sandbox.primary.removeRecord(CATEGORY, name);
  service.sandbox.primary.putRecord(CATEGORY, names[6] ?? "", { name: names[6], description: "Another now" });
});
afterEach(() => service.close());

const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${service.url}${path}`, { redirect: "manual", ...init, headers: { ...AUTHORIZED, ...init.headers } });
const post = (path: string) => ask(path, { method: "POST" });
const readReport = async (answer: Response) => StoredReport.parse(await answer.json());

async function previewDigest(): Promise<string> {
  const report = await readReport(
    await ask(`/preview?categories=${CATEGORY}&force=true`, { headers: { accept: "application/json" } }),
  );
  const digest = report.repositories[0]?.categories[CATEGORY]?.digest ?? "";
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  return digest;
}

const pulls = () => service.sandbox.github.pullRequests(IMAGE);

test.each(["/preview", `/preview?categories=${CATEGORY}&force=true`])(
  "%s shows every record, as a page and as text",
  async (path) => {
    const page = await (await ask(path, { headers: { accept: "text/html" } })).text();
    const text = await (await ask(path)).text();
    for (const told of [page, text]) {
      for (const name of gone) expect(told).toContain(name);
      expect(told).toContain("It would remove 6 of 12 records");
      expect(told).toContain("Another now");
    }
    expect(page).toContain(`name="expected" value="${await previewDigest()}"`);
  },
);

test("a mass removal of thousands of lines is shown record by record", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 400 }, (_, index) => [
      `Model ${index}`,
      { name: `Model ${index}`, description: `It was number ${index}`, tags: ["a", "b", "c"], type: "test" },
    ]),
  );
  service.sandbox.github.commit({
    repository: IMAGE,
    branch: "main",
    files: { "esrgan.json": `${JSON.stringify(many, null, 4)}\n` },
    message: "Many",
  });
  const page = await (await ask("/preview?force=true", { headers: { accept: "text/html" } })).text();
  expect(page).not.toContain("+0");
  expect(page).toContain("Model 299");
  expect(page).toContain("It was number 0");
  expect(page).toMatch(/and \d+ more/);
  expect(await (await ask("/preview?force=true")).text()).toContain("It was number 7");
});

test("is published as it was shown", async () => {
  const digest = await previewDigest();
  const done = await post(`/sync?categories=${CATEGORY}&force=true&expected=${digest}`);
  expect(done.status).toBe(200);
  expect((await readReport(done)).outcome).toBe("published");
  expect(pulls()).toHaveLength(1);
  // The pull request holds it now, which changes nothing of what was shown.
  const again = await post(`/sync?categories=${CATEGORY}&force=true&expected=${digest}`);
  expect([again.status, (await readReport(again)).repositories[0]?.outcome]).toEqual([200, "current"]);
});

test("is not published when PRIMARY moved since: 409, and held", async () => {
  const digest = await previewDigest();
  service.sandbox.primary.removeRecord(
    CATEGORY,
    Object.keys(JSON.parse(service.sandbox.primary.category(CATEGORY) ?? "{}"))[5] ?? "",
  );
  const refused = await post(`/sync?categories=${CATEGORY}&force=true&expected=${digest}`);
  const ErrorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
  expect([refused.status, ErrorBody.parse(await refused.json()).error]).toMatchObject([
    409,
    { code: "not-as-shown", message: expect.stringContaining("Look at a preview again") },
  ]);
  expect(pulls()).toEqual([]);
  const fresh = await post(`/sync?categories=${CATEGORY}&force=true&expected=${await previewDigest()}`);
  expect([fresh.status, pulls().length]).toEqual([200, 1]);
});

test("is not published when GitHub moved since", async () => {
  const digest = await previewDigest();
  const text = JSON.parse(
    Buffer.from(
      service.sandbox.github.readFile({ repository: IMAGE, ref: "main", path: "stable_diffusion.json" }) ?? [],
    ).toString("utf8"),
  );
  delete text[gone[0] ?? ""];
  const files = { "stable_diffusion.json": `${JSON.stringify(text, null, 4)}\n` };
  service.sandbox.github.commit({ repository: IMAGE, branch: "main", files, message: "By hand" });
  const refused = await post(`/sync?categories=${CATEGORY}&force=true&expected=${digest}`);
  expect([refused.status, pulls()]).toEqual([409, []]);
});

test("overrides a rejection only as it was shown", async () => {
  const digest = await previewDigest();
  const release = `/sync?categories=${CATEGORY}&force=true&expected=${digest}`;
  expect((await post(release)).status).toBe(200);
  service.sandbox.github.closePullRequest({ repository: IMAGE, number: 1 });
  const before = service.sandbox.primary.category(CATEGORY) ?? "{}";
  service.sandbox.primary.putRecord(CATEGORY, "One More", { name: "One More" });
  expect([(await post(release)).status, pulls().length]).toEqual([409, 1]);
  service.sandbox.primary.setCategory(CATEGORY, before);
  expect([(await post(release)).status, pulls().length]).toEqual([200, 2]);
});

test("a form is shown the preview again, with a sentence", async () => {
  const digest = await previewDigest();
  service.sandbox.primary.putRecord(CATEGORY, "One More", { name: "One More" });
  const form = { token: TRIGGER_TOKEN, categories: CATEGORY, force: "true", expected: digest };
  const send = (fields: Record<string, string>) =>
    fetch(`${service.url}/sync`, {
      method: "POST",
      redirect: "manual",
      headers: { accept: "text/html" },
      body: new URLSearchParams(fields),
    });
  const again = await send(form);
  expect(again.status).toBe(409);
  const page = await again.text();
  expect(page).toContain("nothing was published by force");
  expect(page).toContain("One More");
  expect(pulls()).toEqual([]);
  const expected = /name="expected" value="([0-9a-f]{64})"/.exec(page)?.[1] ?? "";
  const done = await send({ ...form, expected });
  expect([done.status, pulls().length]).toEqual([303, 1]);
  const run = await fetch(`${service.url}${done.headers.get("location")}`, { headers: { accept: "text/html" } });
  expect([run.status, await run.text()]).toEqual([
    200,
    expect.stringContaining("Forced. Without that it would be held"),
  ]);
});

test.each([
  "expected=abc&force=true&categories=clip",
  `expected=${"a".repeat(64)}`,
  `expected=${"a".repeat(64)}&force=true`,
])("%s is refused with what is valid", async (query) => {
  const answer = await post(`/sync?${query}`);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("expected")]);
});
