/**
 * Every button of the pages, in a real browser: what it does, what it says when it may not, and that no script and no
 * sign-in of the browser is needed.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TRIGGER_TOKEN } from "../world/ground.ts";
import { IMAGE, type LocalService, startLocalService } from "../world/local-service.ts";
import { findBarriers, findChromium, keepScreenshot, launchChromium, type OpenOptions, openPage } from "./chromium.ts";
import { openPullRequest, removeHalf } from "./states.ts";

const executable = findChromium();
const LOOK = { colorScheme: "light", viewport: { width: 1280, height: 800 } } as const;
const PHONE = { colorScheme: "dark", viewport: { width: 375, height: 740 } } as const;

describe.skipIf(executable === null)("the buttons", () => {
  let browser: Browser;
  let service: LocalService;
  beforeAll(async () => {
    browser = await launchChromium(executable ?? "");
  });
  afterAll(() => browser?.close());
  afterEach(() => service?.close());

  const pulls = () => service.sandbox.github.pullRequests(IMAGE);

  /** Opens the status, and hands over what to press with. What the console says of an error's status is no complaint. */
  async function open(path = "/", options: OpenOptions = LOOK) {
    const { page, complaints, close } = await openPage(browser, `${service.url}${path}`, options);
    /** In the form that has the button. */
    const press = async (name: string, token = TRIGGER_TOKEN) => {
      const form = page.locator("form", { has: page.getByRole("button", { name, exact: true }) }).first();
      await form.getByLabel(/^Trigger token/).fill(token);
      const answered = page.waitForResponse((answer) => answer.request().isNavigationRequest());
      await form.getByRole("button", { name, exact: true }).click();
      const { status } = await statusOf(page, answered);
      return status;
    };
    const finish = async () => {
      const barriers = await findBarriers(page);
      const overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
      const other = complaints.filter((one) => !one.includes("Failed to load resource"));
      expect({ barriers, other, overflow }).toEqual({ barriers: [], other: [], overflow: 0 });
      await close();
    };
    return { page, press, finish };
  }

  async function statusOf(page: Page, answered: ReturnType<Page["waitForResponse"]>) {
    const answer = await answered;
    await page.waitForLoadState("load");
    return { status: answer.status() };
  }

  describe("of a service with something to publish", () => {
    beforeEach(async () => {
      service = await startLocalService();
      await service.tick();
      service.sandbox.primary.putRecord("esrgan", "Fresh", { name: "Fresh", description: "New" });
    });

    test("Preview shows it, and writes nothing", async () => {
      const { page, press, finish } = await open();
      expect(await press("Preview")).toBe(200);
      expect(await page.locator("h1").innerText()).toBe("Preview");
      expect(await page.locator("body").innerText()).toContain("Fresh");
      expect(pulls()).toEqual([]);
      await finish();
    });

    test("Sync now publishes it, and leads to the run", async () => {
      const { page, press, finish } = await open();
      expect(await press("Sync now")).toBe(303);
      expect(page.url()).toMatch(/\/runs\/[0-9a-z]{9}-[0-9a-z]{6}$/);
      expect(await page.locator("main").innerText()).toContain("The changes are in a pull request.");
      expect(pulls()).toHaveLength(1);
      await keepScreenshot(page, "run-by-hand");
      await finish();
    });

    test("a wrong token says so, keeps what was asked for, and the right one goes on from there", async () => {
      const { page, press, finish } = await open("/", PHONE);
      expect(await press("Sync now", "wrong")).toBe(401);
      expect(await page.locator("main").innerText()).toContain("That is not the trigger token.");
      expect(await findBarriers(page)).toEqual([]);
      await keepScreenshot(page, "wrong-token");
      expect(pulls()).toEqual([]);
      expect(await press("Sync")).toBe(303);
      expect(pulls()).toHaveLength(1);
      await finish();
    });

    test("a form without a token is not sent", async () => {
      const { page, finish } = await open();
      await page.getByRole("button", { name: "Sync now" }).click();
      expect(await page.evaluate("document.activeElement.name")).toBe("token");
      expect(page.url()).toBe(`${service.url}/`);
      await finish();
    });

    test("Pause stops the schedule with a reason, and Resume lets it go on", async () => {
      const { page, press, finish } = await open("/", PHONE);
      await page.getByText("Pause the schedule").click();
      await page.getByLabel("Reason").fill("PRIMARY moves house");
      expect(await press("Pause")).toBe(303);
      expect(await page.locator("main").innerText()).toContain("PRIMARY moves house");
      await keepScreenshot(page, "paused");
      service.advance(5);
      expect(await service.tick()).toBe(null);
      expect(await press("Resume the schedule")).toBe(303);
      expect(await page.locator("main").innerText()).not.toContain("PRIMARY moves house");
      service.advance(5);
      expect((await service.tick())?.outcome).toBe("published");
      await finish();
    });
  });

  describe("of what is held", () => {
    beforeEach(async () => {
      service = await startLocalService();
      await service.tick();
      removeHalf(service);
      service.advance(1);
      await service.tick();
    });

    test("lead over the preview, record by record, to the pull request", async () => {
      const { page, press, finish } = await open();
      expect(await press("Show what is held")).toBe(200);
      const shown = await page.locator("main").innerText();
      expect(shown).toContain("It would remove 6 of 12 records");
      await page.locator("summary", { hasText: "removed" }).first().click();
      await page.locator("dt", { hasText: "baseline" }).first().waitFor({ state: "visible" });
      await keepScreenshot(page, "preview-held");
      expect(await findBarriers(page)).toEqual([]);
      expect(pulls()).toEqual([]);
      expect(await press("Publish what is held")).toBe(303);
      expect(await page.locator("main").innerText()).toContain("Without that it would be held");
      expect(pulls()).toHaveLength(1);
      await finish();
    });

    test("show it again when PRIMARY moved since, and publish nothing that was not shown", async () => {
      const { page, press, finish } = await open("/", PHONE);
      await press("Show what is held");
      const names = Object.keys(JSON.parse(service.sandbox.primary.category("image_generation") ?? "{}"));
      service.sandbox.primary.removeRecord("image_generation", names[0] ?? "");
      expect(await press("Publish what is held")).toBe(409);
      const shown = await page.locator("main").innerText();
      expect(shown).toContain("nothing was published by force");
      expect(shown).toContain("It would remove 7 of 12 records");
      await keepScreenshot(page, "shown-again");
      expect(pulls()).toEqual([]);
      expect(await press("Publish what is held")).toBe(303);
      expect(pulls()).toHaveLength(1);
      await finish();
    });
  });

  test("of a page that is not public opens it with the token, without a sign-in of the browser", async () => {
    service = await startLocalService({ PUBLIC: "replica" });
    await openPullRequest(service);
    const { page, press, finish } = await open("/", PHONE);
    expect(await page.locator("h1").innerText()).toBe("Not public");
    await keepScreenshot(page, "not-public");
    expect(await findBarriers(page)).toEqual([]);
    expect(await press("Show", "wrong")).toBe(401);
    expect(await press("Show")).toBe(200);
    expect(await page.locator("main").innerText()).toContain("Pull request #1");
    await finish();
  });

  test("a run that is not visible yet says to come back", async () => {
    service = await startLocalService();
    const { page, finish } = await open(`/runs/${Date.now().toString(36).padStart(9, "0")}-000000`, PHONE);
    expect(await page.locator("main").innerText()).toContain("not visible yet");
    await keepScreenshot(page, "not-visible-yet");
    await page.getByRole("link", { name: "Load it again" }).click();
    expect(await page.locator("main").innerText()).toContain("not visible yet");
    await finish();
  });
});
