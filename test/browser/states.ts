/**
 * Every state the page can show, and how to get there on the sandbox.
 */
import { IMAGE, type LocalService, TEXT } from "../world/local-service.ts";

export interface State {
  readonly name: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly reach: (service: LocalService) => Promise<void>;
  /** What the page must say then. */
  readonly says: readonly string[];
}

const RECORD = { type: "test", nsfw: false, description: "made for a test" };
const HOSTILE = `<script>alert(1)</script> <img src=x onerror=alert(1)> "'&\u202e @everyone`;

async function openPullRequest({ sandbox, tick }: LocalService): Promise<void> {
  const names = Object.keys(JSON.parse(sandbox.primary.category("image_generation") ?? "{}"));
  const [first = "", second = ""] = names;
  sandbox.primary.putRecord("esrgan", HOSTILE, RECORD);
  sandbox.primary.putRecord("image_generation", "Fresh From PRIMARY", { ...RECORD, name: "Fresh From PRIMARY" });
  sandbox.primary.putRecord("image_generation", first, { ...RECORD, name: first, description: HOSTILE });
  sandbox.primary.removeRecord("image_generation", second);
  await tick();
}

/** Six of twelve records go: more than 30 %. */
function removeHalf({ sandbox }: LocalService): void {
  const names = Object.keys(JSON.parse(sandbox.primary.category("image_generation") ?? "{}"));
  for (const name of names.slice(0, 6)) sandbox.primary.removeRecord("image_generation", name);
}

/** GitHub got a file that is not JSON and one with a bad record, and then does not know the text repository any more. */
async function troubleReplica({ url, sandbox, advance }: LocalService): Promise<void> {
  const read = async (...categories: string[]) => {
    for (const category of categories) await (await fetch(`${url}/model_references/v2/${category}`)).arrayBuffer();
  };
  await read("clip", "text_generation");
  const files = { "clip.json": `{${HOSTILE}`, "blip.json": JSON.stringify({ [HOSTILE]: 1, Good: { name: "Good" } }) };
  sandbox.github.commit({ repository: IMAGE, branch: "main", files, message: "By hand" });
  sandbox.github.faults.add({ path: `/repos/${TEXT}/`, times: 99, action: { type: "status", status: 404 } });
  advance(200);
  await read("clip", "blip", "text_generation");
}

export const STATES: readonly State[] = [
  { name: "unknown", reach: async () => {}, says: ["unknown", "not looked at yet", "No run yet."] },
  {
    name: "in-sync",
    reach: async ({ tick, advance }) => {
      await tick();
      advance(200);
      await tick();
    },
    says: ["in sync", "Every repository means what PRIMARY says, as far as its files can.", "3 hours ago"],
  },
  {
    name: "created",
    reach: async (service) => {
      await service.tick();
      service.advance(90);
      await openPullRequest(service);
      service.advance(20);
    },
    says: ["pending", "pull request opened", "Pull request #1", "opened 20 minutes ago", "Fresh From PRIMARY"],
  },
  {
    name: "updated",
    reach: async (service) => {
      await openPullRequest(service);
      service.advance(10);
      service.sandbox.primary.putRecord("esrgan", "Another", RECORD);
      await service.tick();
    },
    says: ["pull request updated", "Another"],
  },
  {
    name: "current",
    reach: async (service) => {
      await openPullRequest(service);
      service.advance(360);
      await service.reconcile();
    },
    says: ["pull request open", "The open pull request holds the changes.", "6 hours ago"],
  },
  {
    name: "held",
    reach: async (service) => {
      await service.tick();
      removeHalf(service);
      service.advance(1);
      await service.tick();
    },
    says: ["held", "It would remove 6 of 12 records", "record by record", "Show what is held"],
  },
  {
    name: "rejected",
    reach: async (service) => {
      await openPullRequest(service);
      service.sandbox.github.closePullRequest({ repository: IMAGE, number: 1 });
      await service.reconcile();
    },
    says: ["rejected", "closed unmerged"],
  },
  {
    name: "edited",
    reach: async (service) => {
      await openPullRequest(service);
      service.sandbox.github.commit({
        repository: IMAGE,
        branch: "sync/model-references",
        files: { "README.md": "A person was here.\n" },
        message: "Mine",
      });
      await service.reconcile();
    },
    says: ["edited", "A person's commit"],
  },
  {
    name: "closed",
    reach: async (service) => {
      await service.tick();
      service.sandbox.primary.putRecord("esrgan", "Short-lived", RECORD);
      await service.tick();
      service.sandbox.primary.removeRecord("esrgan", "Short-lived");
      await service.reconcile();
    },
    says: ["pull request closed"],
  },
  {
    name: "committed",
    settings: { PUBLISH: "commit" },
    reach: openPullRequest,
    says: ["committed", "The changes were committed to the base branch."],
  },
  {
    name: "below-threshold",
    settings: { MIN_CHANGES_THRESHOLD: "50", TARGET_CLONE_DIR: "/tmp/x" },
    reach: openPullRequest,
    says: ["below threshold", "TARGET_CLONE_DIR has no effect here"],
  },
  {
    name: "failed",
    reach: async (service) => {
      await openPullRequest(service);
      service.advance(60);
      const action = { type: "status", status: 403 } as const;
      service.sandbox.github.faults.add({ path: `/repos/${TEXT}/`, times: 99, action });
      await service.reconcile();
    },
    says: ["failed", "github-unauthorized", "GitHub answered 403"],
  },
  {
    name: "degraded",
    reach: async (service) => {
      await openPullRequest(service);
      service.sandbox.primary.faults.add({ times: 999, action: { type: "status", status: 502 } });
      for (let time = 0; time < 10; time++) {
        service.advance(61);
        await service.tick();
      }
    },
    says: ["degraded", "At least ten attempts in a row failed", "PRIMARY answered 502", "Next attempt"],
  },
  {
    name: "replica",
    reach: troubleReplica,
    says: ["Replica", "fresh", "stale", "github-not-found", "legacy-malformed", "1 issue", "left out", "3 hours ago"],
  },
  {
    name: "misconfigured",
    settings: { PRIMARY_API_URL: "", DRY_RUN: "perhaps", GITHUB_BRANCH: "no branch" },
    reach: async () => {},
    says: [
      "misconfigured",
      "PRIMARY_API_URL is not set",
      "DRY_RUN must be",
      "The replica is off",
      "What is set",
      "HORDE_GITHUB_SYNC_GITHUB_TOKEN",
    ],
  },
  {
    name: "dry-run",
    settings: { NO_PR: "true" },
    reach: openPullRequest,
    says: ["Nothing is written to GitHub, whoever asks: HORDE_GITHUB_SYNC_NO_PR is set.", "planned", "By hand"],
  },
  {
    name: "closed-trigger",
    settings: { TRIGGER_TOKEN: "" },
    reach: async (service) => {
      await service.tick();
      removeHalf(service);
      service.advance(1);
      await service.tick();
    },
    says: ["Nothing can be done from here", "POST /sync?categories=image_generation&force=true"],
  },
  {
    name: "history",
    reach: async (service) => {
      for (let day = 0; day < 12; day++) {
        service.sandbox.primary.putRecord("esrgan", `Model ${day}`, RECORD);
        for (let more = 0; more < day * day; more++)
          service.sandbox.primary.putRecord("clip", `Model ${day} ${more}`, RECORD);
        if (day === 5) service.sandbox.primary.faults.add({ times: 6, action: { type: "status", status: 502 } });
        service.advance(1440);
        await service.reconcile();
      }
    },
    says: ["runs in 30 days:", "published", "failed"],
  },
];

export { openPullRequest, removeHalf };
