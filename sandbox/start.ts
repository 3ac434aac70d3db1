/**
 * `npm start`: the Worker in workerd against a local PRIMARY and a local GitHub, with a first drift already waiting.
 * `PORT` moves the status page (8787); everything stays on this machine and is gone at the end.
 */
import { generateKeyPairSync } from "node:crypto";
import { startControl } from "./control.ts";
import { generateReference } from "./generate/reference.ts";
import { requireFreePorts, StartError } from "./ports.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";
import { type LocalWorker, startLocalWorker } from "./worker.ts";

const OWNER = "sandbox";
const IMAGE = "image-model-reference";
const TEXT = "text-model-reference";
const TRIGGER_TOKEN = "sandbox-trigger-token";
const WEBHOOK_SECRET = "sandbox-webhook-secret";
const MINUTE_MS = 60_000;

const USAGE = `Usage: npm start

The Worker in workerd against a local PRIMARY and a local GitHub, with a page to change both. There are no options.

  PORT=8787   of the Worker's status page; the sandbox's page, PRIMARY and GitHub take the next three. 0: any free ones
`;

async function main(args: readonly string[]): Promise<void> {
  const [unknown] = args.filter((argument) => argument !== "--help" && argument !== "-h");
  if (unknown !== undefined) throw new StartError(`${unknown} is no option of npm start.\n\n${USAGE}`);
  if (args.length > 0) return console.log(USAGE);
  const port = readPort();
  const [controlPort, primaryPort, githubPort] = [nextTo(port, 1), nextTo(port, 2), nextTo(port, 3)];
  const uses = { "the Worker": port, "the sandbox's page": controlPort, PRIMARY: primaryPort, GitHub: githubPort };
  await requireFreePorts(uses, "127.0.0.1");
  const sandbox = await startSandbox({ primaryPort, githubPort });
  seed(sandbox);
  const worker = await startLocalWorker({ port, settings: settingsFor(sandbox) });
  sandbox.github.startWebhook({ url: `${worker.url}/github`, secret: WEBHOOK_SECRET, onError: reportTick });
  const runTick = async (cron: string) => worker.runCron(cron);
  const control = await startControl({ sandbox, port: controlPort, runTick });
  const everyMinute = setInterval(() => runTick("* * * * *").catch(reportTick), MINUTE_MS);
  console.log(introduction(sandbox, worker, control.url));
  const stop = async () => {
    clearInterval(everyMinute);
    await Promise.all([worker.close(), control.close(), sandbox.close()]);
    process.exit(0);
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

function readPort(): number {
  const port = Number(process.env["PORT"] ?? "8787");
  if (Number.isInteger(port) && port >= 0 && port < 65_530) return port;
  throw new StartError("PORT must be a whole number from 0 (any free port) to 65529.");
}

function nextTo(port: number, distance: number): number {
  return port === 0 ? 0 : port + distance;
}

/** Two repositories in sync with PRIMARY, and then some edits on PRIMARY. */
function seed({ primary, github }: Sandbox): void {
  const reference = generateReference();
  github.createRepository({ owner: OWNER, name: IMAGE, files: reference.image });
  github.createRepository({ owner: OWNER, name: TEXT, files: reference.text });
  for (const [category, body] of Object.entries(reference.primary)) primary.setCategory(category, body);
  const names = Object.keys(JSON.parse(reference.primary["image_generation"] ?? "{}"));
  const [first = "", second = ""] = names;
  const record: Record<string, unknown> = JSON.parse(reference.primary["image_generation"] ?? "{}")[first];
  primary.putRecord("image_generation", first, { ...record, version: "2.0", nsfw: true });
  primary.removeRecord("image_generation", second);
  primary.putRecord("image_generation", "Fresh From PRIMARY", { ...record, name: "Fresh From PRIMARY" });
  const upscaler: Record<string, Record<string, unknown>> = JSON.parse(reference.primary["esrgan"] ?? "{}");
  const [upscalerName = ""] = Object.keys(upscaler);
  primary.putRecord("esrgan", upscalerName, { ...upscaler[upscalerName], description: "A better description." });
}

/** Signs in as a GitHub App, as a deployed Worker should. */
function settingsFor({ primary, github }: Sandbox): Record<string, string> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  github.credentials.addApp({
    id: "1",
    publicKeyPem: publicKey,
    installationId: 1,
    owner: OWNER,
    permissions: { contents: "write", pull_requests: "write" },
    repositories: [`${OWNER}/${IMAGE}`, `${OWNER}/${TEXT}`],
  });
  return {
    HORDE_GITHUB_SYNC_PRIMARY_API_URL: primary.url,
    HORDE_GITHUB_SYNC_GITHUB_API_URL: github.url,
    HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO: `${OWNER}/${IMAGE}`,
    HORDE_GITHUB_SYNC_GITHUB_TEXT_REPO: `${OWNER}/${TEXT}`,
    HORDE_GITHUB_SYNC_TRIGGER_TOKEN: TRIGGER_TOKEN,
    GITHUB_WEBHOOK_SECRET: WEBHOOK_SECRET,
    GITHUB_APP_ID: "1",
    GITHUB_APP_PRIVATE_KEY: privateKey,
  };
}

function introduction(sandbox: Sandbox, worker: LocalWorker, controlUrl: string): string {
  return `
The Worker runs against a local PRIMARY and a local GitHub. PRIMARY has changed, and nobody has told GitHub yet.
What happens on GitHub is told to the Worker at once by its webhook. The trigger token is ${TRIGGER_TOKEN}.

  open   ${worker.url}/   the Worker's status
  open   ${controlUrl}/   change PRIMARY, merge or close pull requests, break things

  curl ${worker.url}/
  curl ${worker.url}/model_references/v2/esrgan
  curl -X POST -H "Authorization: Bearer ${TRIGGER_TOKEN}" -H "Accept: text/plain" ${worker.url}/sync
  git clone ${sandbox.github.url}/${OWNER}/${IMAGE}.git
  git push ${sandbox.github.gitDirectory(`${OWNER}/${IMAGE}`)} main
  ${controlUrl.endsWith(":8788") ? "" : `SANDBOX_URL=${controlUrl} `}npm run sandbox -- help

The cron fires every minute. Stop with Ctrl+C; nothing is kept.
`;
}

function reportTick(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
