/**
 * A headless Chromium, and what it found on a page.
 */
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** `CHROMIUM` names another binary. */
export function findChromium(): string | null {
  const { CHROMIUM } = process.env;
  return [...(CHROMIUM === undefined ? [] : [CHROMIUM]), ...PATHS].find((path) => existsSync(path)) ?? null;
}

export function launchChromium(executablePath: string): Promise<Browser> {
  const args = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return chromium.launch({ executablePath, args });
}

export interface Opened {
  readonly page: Page;
  readonly status: number;
  /** Everything the console, the security policy and the network had to complain about. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly colorScheme: "light" | "dark";
  readonly viewport: { readonly width: number; readonly height: number };
  readonly httpCredentials?: { readonly username: string; readonly password: string };
}

/** Open a page and watch it: errors, violations of the policy, and requests to any other host. */
export async function openPage(browser: Browser, url: string, options: OpenOptions): Promise<Opened> {
  const complaints: string[] = [];
  const context = await browser.newContext(options satisfies BrowserContextOptions);
  const page = await context.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`page: ${error.message}`));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) complaints.push(`request: ${request.url()}`);
  });
  const answer = await page.goto(url, { waitUntil: "load" });
  return { page, status: answer?.status() ?? 0, complaints, close: () => context.close() };
}

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe-core calls serious or critical, as sentences. Runs in a world of its own, past the page's policy. */
export async function findBarriers(page: Page): Promise<string[]> {
  const { readFileSync } = await import("node:fs");
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
  const run = `${readFileSync(AXE, "utf8")}; axe.run().then(({ violations, incomplete }) => JSON.stringify(violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => id + ": " + help + " " + nodes.map(({ target }) => target.join(" ")).slice(0, 3).join(", "))))`;
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression: run,
    contextId: executionContextId,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails !== undefined) throw new Error(`axe-core failed: ${exceptionDetails.text}`);
  return JSON.parse(String(result.value));
}

/** `SCREENSHOTS` names a folder to keep pictures in, to look at. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
