/**
 * A single run. Does I/O.
 */
import type { RepositoryReport } from "../contract/report.ts";
import type { RunRequest } from "../sync/run-request.ts";
import { exitCodeOf, type Host } from "./host.ts";
import { prepareFolder, writePlanned } from "./output-folder.ts";
import type { Session } from "./session.ts";
import type { Setup } from "./setup.ts";
import type { Stop } from "./stop.ts";
import { exitCodeFor, showReport } from "./summary.ts";

/** @returns the exit code */
export async function runOnce(setup: Setup, session: Session, host: Host, stop: Stop): Promise<number> {
  const { config, categories, isForced, outputDir } = setup;
  const before = setup.isQuiet ? await readLatest(session) : [];
  const request = { trigger: "cli", categories, isDryRun: config.dryRun, isForced } as const;
  const report =
    outputDir === null ? await session.service.sync(request) : await previewInto(outputDir, request, setup, session);
  await showReport(report, setup, host, before);
  await session.told();
  const signal = stop.signal();
  if (signal === null || !stop.aborted.aborted) return exitCodeFor(report);
  session.log.warn("interrupted", { message: "the run was cut short; the next one finishes it" });
  return exitCodeOf(signal);
}

/** Of the state file, where there is one. */
async function readLatest({ store }: Session): Promise<readonly RepositoryReport[]> {
  try {
    return (await store.load()).repositories;
  } catch {
    return [];
  }
}

async function previewInto(
  folder: string,
  request: Omit<RunRequest, "id">,
  { config }: Setup,
  { service, say }: Session,
) {
  const repositories = Object.values(config.repositories).map(({ owner, name }) => `${owner}/${name}`);
  await prepareFolder(folder, repositories);
  const { report, planned } = await service.preview(request);
  await writePlanned(folder, repositories, planned);
  const files = planned.length === 1 ? "1 file differs" : `${planned.length} files differ`;
  say(`${files} from the base branches; see ${folder}`);
  return report;
}
