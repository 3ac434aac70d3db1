/**
 * The sandbox's own page in a real browser, on a phone: it fits, nobody is kept out, and its buttons do what they say.
 */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startControl } from "../../sandbox/control.ts";
import type { HttpServer } from "../../sandbox/http/server.ts";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { BRANCH, seed } from "../world/ground.ts";
import { findBarriers, findChromium, keepScreenshot, launchChromium, openPage } from "./chromium.ts";

const executable = findChromium();
const PHONE = { colorScheme: "light", viewport: { width: 375, height: 740 } } as const;
const IMAGE = "sandbox/image-model-reference";

describe.skipIf(executable === null)("the sandbox's page at 375 pixels", () => {
  let browser: Browser;
  let sandbox: Sandbox;
  let control: HttpServer;

  beforeAll(async () => {
    browser = await launchChromium(executable ?? "");
    sandbox = await startSandbox();
    seed(sandbox, { image: IMAGE, text: "sandbox/text-model-reference" });
    const { github } = sandbox;
    github.commit({ repository: IMAGE, branch: BRANCH, files: { "README.md": "A change.\n" } });
    github.openPullRequest({ repository: IMAGE, head: BRANCH, title: `A title that is long: ${"word ".repeat(20)}` });
    control = await startControl({ sandbox, port: 0, runTick: async () => {} });
  });

  afterAll(async () => {
    await Promise.all([browser?.close(), control?.close(), sandbox?.close()]);
  });

  test("fits, with everything on it", async () => {
    sandbox.conditions.begin("lag-heads", IMAGE);
    await fetch(`${sandbox.github.url}/repos/${IMAGE}`, { headers: { "user-agent": "a-test" } });
    const { page, complaints, close } = await openPage(browser, `${control.url}/`, PHONE);
    await keepScreenshot(page, "sandbox-phone");
    expect(await page.locator("body").innerText()).toContain(`git push ${sandbox.github.gitDirectory(IMAGE)} main`);
    const overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
    const barriers = await findBarriers(page);
    expect({ complaints, barriers, overflow }).toEqual({ complaints: [], barriers: [], overflow: 0 });
    await close();
    sandbox.conditions.clear();
  });

  test("does what its buttons say", async () => {
    const { page, close } = await openPage(browser, `${control.url}/`, PHONE);
    const press = (name: string) => page.getByRole("button", { name, exact: true }).first().click();
    const says = (words: string) => page.getByText(words).first().waitFor({ timeout: 5000 });
    const head = sandbox.github.branches(IMAGE)[BRANCH];
    await press("A person pushes");
    await says("A person pushes to the branch: sandbox/image-model-reference#1.");
    expect(sandbox.github.branches(IMAGE)[BRANCH]).not.toBe(head);
    await press("A person edits the base");
    await says("A person edited README.md on main of sandbox/image-model-reference.");
    const before = sandbox.now();
    await press("A day passes");
    await says("UTC now.");
    expect(sandbox.now() - before).toBeGreaterThanOrEqual(86_400_000);
    await press("GitHub lags");
    await says("Pull requests tell old heads: sandbox/image-model-reference, sandbox/text-model-reference.");
    await page.getByLabel("How credentials break").selectOption("token-revoked");
    await press("Credentials break");
    expect(sandbox.conditions.active().map(({ name }) => name)).toContain("token-revoked");
    await press("GitHub is kind again");
    await says("Not now.");
    expect(sandbox.conditions.active()).toEqual([]);
    await close();
  });
});
