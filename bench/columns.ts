/** The columns of the table, each with how it shows a situation. */
import { LATENCY_MS } from "./measure.ts";
import type { MeasuredSituation } from "./results.ts";
import type { Figure } from "./statistics.ts";

export interface Column {
  readonly title: string;
  readonly cell: (row: MeasuredSituation) => string;
}

/** What Cloudflare and GitHub count. */
export const TRAFFIC: readonly Column[] = [
  { title: "GitHub calls", cell: (row) => within(row.githubCalls, row.budget?.githubCalls) },
  { title: "of them writes", cell: (row) => within(row.githubWrites, row.budget?.githubWrites) },
  { title: "PRIMARY calls", cell: (row) => within(row.primaryCalls, row.budget?.primaryCalls) },
  { title: "KV reads", cell: (row) => String(row.kv.reads) },
  { title: "KV writes", cell: (row) => within(row.kv.writes, row.budget?.kvWrites) },
  { title: "longest chain", cell: (row) => within(row.chain) },
  { title: "kB in", cell: (row) => kilobytes(row.bytesIn) },
  { title: "kB out", cell: (row) => kilobytes(row.bytesOut) },
  { title: "wall ms", cell: (row) => figure(row.wallMs) },
  { title: `wall ms, ${LATENCY_MS} ms latency`, cell: (row) => figure(row.slowWallMs) },
];

/** What the machine does, and what it would do at least. */
export const EFFORT: readonly Column[] = [
  { title: "CPU ms", cell: (row) => figure(row.cpuMs) },
  { title: "parse + stringify ms", cell: (row) => (row.bytesCompared === 0 ? "-" : figure(row.floorsMs?.parse)) },
  { title: "CPU to that", cell: (row) => ratio(row, "parse") },
  { title: "same requests ms", cell: (row) => figure(row.floorsMs?.requests) },
  { title: "CPU to that", cell: (row) => ratio(row, "requests") },
  { title: "same requests and KV ms", cell: (row) => figure(row.floorsMs?.["requests and KV"]) },
  { title: "CPU to all these", cell: (row) => ratio(row, "everything") },
  { title: "SHA-1 ms", cell: (row) => (row.bytesCompared === 0 ? "-" : figure(row.floorsMs?.sha1)) },
  { title: "peak memory MB", cell: (row) => (row.peakMb === null ? "-" : row.peakMb.toFixed(0)) },
];

/** The same as the first that a workerd does, and at least. */
export const COLD: readonly Column[] = [
  { title: "isolate's thread ms", cell: ({ cold }) => figure(cold?.event.main) },
  { title: "all threads ms", cell: ({ cold }) => figure(cold?.event.all) },
  { title: "floor, isolate's thread ms", cell: ({ cold }) => figure(cold?.floor.main) },
  { title: "floor, all threads ms", cell: ({ cold }) => figure(cold?.floor.all) },
  { title: "all threads to that", cell: coldRatio },
  { title: "start-up before it ms", cell: ({ cold }) => figure(cold?.startUp.all) },
  { title: "KV reads", cell: ({ cold }) => String(cold?.kv.reads ?? "-") },
  { title: "KV writes", cell: ({ cold }) => String(cold?.kv.writes ?? "-") },
];

/** `12 ±1`, or `-` where it cannot be measured. */
export function figure(value: Figure | null | undefined): string {
  if (value === null || value === undefined) return "-";
  const digits = value.median < 10 ? 1 : 0;
  return `${value.median.toFixed(digits)} ±${value.spread.toFixed(digits)}`;
}

export function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0);
}

function ratio({ ratios, goal }: MeasuredSituation, name: keyof MeasuredSituation["ratios"]): string {
  const value = ratios[name];
  return value === null ? "-" : within(value, goal?.against === name ? goal.times : undefined, 1);
}

function coldRatio({ cold, coldGoal }: MeasuredSituation): string {
  return cold === null ? "-" : within(cold.event.all.median / cold.floor.all.median, coldGoal, 1);
}

/** With its budget beside it: `8 ≤ 9`, or `10 > 9` where it is not kept. */
export function within(value: number, budget?: number, digits = 0): string {
  const text = value.toFixed(digits);
  return budget === undefined ? text : `${text} ${Number(text) <= budget ? "≤" : ">"} ${budget}`;
}
