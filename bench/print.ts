/** Results for people: the terminal's table, and docs/performance.md's. */
import { COLD, type Column, EFFORT, figure, kilobytes, TRAFFIC, within } from "./columns.ts";
import { PYTHON_SERVICE } from "./command-line.ts";
import type { MeasuredSituation, Results } from "./results.ts";
import { formatMarkdown, formatText, type Row } from "./table.ts";

export function printText(results: Results): string {
  const [warm, cold] = [[...TRAFFIC, ...EFFORT], COLD].map((columns) =>
    toTable(columns, results.situations, formatText),
  );
  const tables = [warm ?? "", ...(isSaid(cold ?? "") ? ["Cold:", cold ?? ""] : [])];
  return [describeSetting(results).join("\n"), ...tables, describeRest(results).join("\n")].filter(isSaid).join("\n\n");
}

/** Three tables, for a page is narrower than a terminal, between markers so that they can be replaced. */
export function printMarkdown(results: Results): string {
  const [traffic = "", warm = "", cold = ""] = [TRAFFIC, EFFORT, COLD].map((columns) =>
    toTable(columns, results.situations, formatMarkdown),
  );
  const rest = describeRest(results).map((line) => `- ${line}`);
  const titled = (title: string, table: string) => (isSaid(table) ? [title, table] : []);
  const tables = [traffic, ...titled("Warm:", warm), ...titled("Cold:", cold)];
  const parts = [describeSetting(results).join(" "), ...tables, rest.join("\n")].filter(isSaid);
  return ["<!-- bench:figures -->", parts.join("\n\n"), "<!-- /bench -->"].join("\n");
}

function isSaid(part: string): boolean {
  return part !== "";
}

function toTable(
  columns: readonly Column[],
  situations: readonly MeasuredSituation[],
  format: (header: Row, rows: readonly Row[]) => string,
): string {
  if (situations.length === 0) return "";
  const rows = situations.map((situation) => [situation.title, ...columns.map(({ cell }) => cell(situation))]);
  return format(["situation", ...columns.map(({ title }) => title)], rows);
}

function describeSetting({ machine, data, runs, measuredAt }: Results): string[] {
  const { cores, cpu, memoryGb, os, versions, compatibilityDate } = machine;
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured ${measuredAt.slice(0, 10)} on ${cores} cores of ${cpu}, ${memoryGb} GB, ${os};`,
    `${software.join(", ")}, compatibility date ${compatibilityDate}.`,
    `Data: ${data}. Figures are medians of ${runs} runs, ± half the distance between the quartiles.`,
  ];
}

function describeRest(results: Results): string[] {
  return [
    ...describeCodecs(results),
    ...results.situations.flatMap(describeHeap),
    ...describeBundle(results),
    ...describeGit(results),
    ...describeReplica(results),
    ...describeGrowth(results),
    ...describeDays(results),
    ...describeCommandLine(results),
  ];
}

/** Comparing and editing, in a process in which nothing is compiled. */
function describeCodecs({ codecs }: Results): string[] {
  return (codecs ?? []).map(({ name, goal, codec, floor }) => {
    const times = codec.cpuMs.median / floor.cpuMs.median;
    const alone = `${figure(codec.singleThreadedCpuMs)} and ${figure(floor.singleThreadedCpuMs)} ms on one thread`;
    return `Codec in a fresh process, ${name}: CPU ${figure(codec.cpuMs)} ms, parse + stringify in another ${figure(floor.cpuMs)} ms (${alone}): ${within(times, goal, 1)} times.`;
  });
}

/** What ten times the data costs, of one kind of change. */
function describeGrowth({ situations }: Results): string[] {
  const [once, tenfold] = ["one-text", "tenfold"].map((name) => situations.find((entry) => entry.name === name));
  const times = (ten?: number, one?: number) => (ten === undefined || one === undefined ? "-" : (ten / one).toFixed(1));
  if (once === undefined || tenfold === undefined) return [];
  const warm = times(tenfold.cpuMs?.median, once.cpuMs?.median);
  const cold = times(tenfold.cold?.event.all.median, once.cold?.event.all.median);
  return [`One text model in ten times the data: ${warm} times the CPU warm, ${cold} times cold.`];
}

function describeDays({ days }: Results): string[] {
  return (days ?? []).map(({ title, kv, runs, primaryCalls, githubCalls }) => {
    const asked = `${primaryCalls} PRIMARY calls, ${githubCalls} GitHub calls`;
    return `A day, ${title}: ${kv.reads} KV reads, ${kv.writes} writes, ${kv.lists} lists in ${runs} runs; ${asked}.`;
  });
}

function describeCommandLine({ commandLine }: Results): string[] {
  if (commandLine === null) return [];
  const { dryRun, help, nothing } = commandLine;
  const { wallMs, cpuMs, peakMb } = PYTHON_SERVICE;
  const share = (help.wallMs.median / nothing.wallMs.median).toFixed(1);
  return [
    `Command line, dry run with one changed record, nothing remembered: ${figure(dryRun.wallMs)} ms, CPU ${figure(dryRun.cpuMs)} ms, ${figure(dryRun.peakMb)} MB. ` +
      `The Python service, on a clone: ${wallMs} ms, CPU ${cpuMs} ms, ${peakMb} MB (recorded on such a machine, and not measured here).`,
    `Command line, \`--help\`: ${figure(help.wallMs)} ms; a Node that does nothing: ${figure(nothing.wallMs)} ms, so ${share} times.`,
  ];
}

function describeHeap({ title, heap }: MeasuredSituation): string[] {
  if (heap === null) return [];
  const size = heap.heapMb === null ? "does not finish in 256 MB" : `finishes in ${heap.heapMb} MB`;
  return [`Heap on Node, ${title}: ${size}, with at most ${heap.buffersMb} MB in buffers beside it.`];
}

function describeBundle({ bundle }: Results): string[] {
  if (bundle === null) return [];
  const { bytes, gzipBytes, startupMs } = bundle;
  return [`Bundle: ${kilobytes(bytes)} kB, ${kilobytes(gzipBytes)} kB with gzip; start-up ${figure(startupMs)} ms.`];
}

function describeGit({ gitService }: Results): string[] {
  if (gitService === null) return [];
  const { picturesMb, bytesIn, bytesOut, wallMs, cpuMs, diskBytes, worker } = gitService;
  const traffic = (size: { bytesIn: number; bytesOut: number }) =>
    `${kilobytes(size.bytesIn)} kB in, ${kilobytes(size.bytesOut)} kB out`;
  return [
    `\`git clone --depth 1\`, one changed record, commit and push, with ${picturesMb} MB of pictures in the repository: ` +
      `${traffic({ bytesIn, bytesOut })}, ${figure(wallMs)} ms, CPU ${figure(cpuMs)} ms, ${kilobytes(diskBytes)} kB of disk.`,
    `The same change by the Worker on the same repository: ${traffic(worker)}, ${worker.wallMs.toFixed(0)} ms, no disk.`,
  ];
}

function describeReplica({ replica }: Results): string[] {
  if (replica?.length === 0) return ["Replica: this build has none."];
  return (replica ?? []).map(
    ({ path, requests, inFlight, errors, perSecond, p50Ms, p99Ms, githubCalls, bytes }) =>
      `Replica, ${path} (${kilobytes(bytes)} kB), ${requests} requests at ${inFlight} in flight: ${errors} errors, ` +
      `${perSecond.toFixed(0)} a second, p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms, ${githubCalls} GitHub calls.`,
  );
}
