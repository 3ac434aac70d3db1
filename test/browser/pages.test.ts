/**
 * The pages in a real browser, on the sandbox in every state: nothing in the console, nothing against the content
 * security policy, no request to another host, no serious barrier for anybody, in light and dark and on a phone.
 */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TRIGGER_TOKEN } from "../world/ground.ts";
import { type LocalService, startLocalService } from "../world/local-service.ts";
import { findBarriers, findChromium, keepScreenshot, launchChromium, type OpenOptions, openPage } from "./chromium.ts";
import { openPullRequest, STATES } from "./states.ts";

const executable = findChromium();
if (executable === null) {
  console.warn("SKIPPED: the browser tests need Chromium (apt-get install chromium, or CHROMIUM=/path/to/it).");
}

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 375, height: 740 };
/** Each width and each scheme once: neither changes what the other does. */
const LOOKS: readonly (OpenOptions & { readonly look: string })[] = [
  { look: "light", colorScheme: "light", viewport: DESKTOP },
  { look: "dark-phone", colorScheme: "dark", viewport: PHONE },
];

const password = { httpCredentials: { username: "anybody", password: TRIGGER_TOKEN } };

describe.skipIf(executable === null)("in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium(executable ?? "");
  });
  afterAll(() => browser?.close());

  /** Opens the page in every look, and gives its text. */
  async function lookAt(url: string, name: string, extra: Partial<OpenOptions> = {}): Promise<string> {
    let text = "";
    for (const { look, ...options } of LOOKS) {
      const { page, complaints, close } = await openPage(browser, url, { ...options, ...extra });
      await keepScreenshot(page, `${name}-${look}`);
      const overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
      const barriers = await findBarriers(page);
      expect({ look, complaints, barriers, overflow }).toEqual({ look, complaints: [], barriers: [], overflow: 0 });
      text = String(await page.evaluate("document.body.innerText"));
      await close();
    }
    return text;
  }

  test.each(STATES)("the status is sound while $name", async ({ name, settings = {}, reach, says }) => {
    const service = await startLocalService(settings);
    try {
      await reach(service);
      const text = await lookAt(`${service.url}/`, name);
      for (const words of says) expect(text).toContain(words);
    } finally {
      await service.close();
    }
  });

  describe("with an open pull request", () => {
    let service: LocalService;
    beforeAll(async () => {
      service = await startLocalService();
      await service.tick();
      service.advance(5);
      await openPullRequest(service);
    });
    afterAll(() => service?.close());

    test("the list of runs is sound, and leads from page to page", async () => {
      expect(await lookAt(`${service.url}/runs`, "runs")).toContain("published");
      const first = await openPage(browser, `${service.url}/runs?limit=1`, { colorScheme: "light", viewport: DESKTOP });
      await first.page.getByRole("link", { name: "Older runs" }).click();
      await first.page.getByText("Newest runs").waitFor();
      await first.page.locator("tbody a").first().click();
      expect(await first.page.locator("h1").innerText()).toMatch(/^Run /);
      expect(first.complaints).toEqual([]);
      await first.close();
    });

    test("a run's page shows fields, old and new", async () => {
      const [latest] = JSON.parse(await (await fetch(`${service.url}/runs`)).text()).runs;
      const text = await lookAt(`${service.url}/runs/${latest.id}`, "run");
      for (const words of ["Modified", "description", '"<script>alert(1)</script>']) expect(text).toContain(words);
    });

    test("the preview asks for the token, and shows the diff", async () => {
      const options = { colorScheme: "light", viewport: DESKTOP } as const;
      await expect(openPage(browser, `${service.url}/preview`, options)).rejects.toThrow(
        "ERR_INVALID_AUTH_CREDENTIALS",
      );
      const text = await lookAt(`${service.url}/preview`, "preview", password);
      for (const words of ["stable_diffusion.json", '+    "Fresh From PRIMARY": {', "@@ "])
        expect(text).toContain(words);
    });

    test("the keyboard reaches the content first, and every link, field and button", async () => {
      const { page, close } = await openPage(browser, `${service.url}/`, { colorScheme: "light", viewport: DESKTOP });
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.id")).toBe("content");
      const all = "main :is(a, input, button, summary)";
      // What is folded away cannot be reached, and need not be.
      const shown = `[...document.querySelectorAll("${all}")].filter((one) => one.checkVisibility()).length`;
      const links = Number(await page.evaluate(shown));
      const seen = new Set<unknown>();
      for (let press = 0; press < links + 3; press++) {
        await page.keyboard.press("Tab");
        seen.add(
          await page.evaluate(
            `document.activeElement.matches("${all}") && [...document.querySelectorAll("${all}")].indexOf(document.activeElement)`,
          ),
        );
      }
      expect(seen.size - (seen.has(false) ? 1 : 0)).toBe(links);
      await close();
    });
  });
});
