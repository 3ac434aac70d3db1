/**
 * What the operating system says of the workerd processes that this process started. Linux only: it is read from /proc.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

export const IS_MEASURABLE = process.platform === "linux";

/** CPU time so far, user and system, in milliseconds. */
export interface CpuTime {
  /** Of the thread that runs every isolate. */
  readonly mainMs: number;
  /** With those that compile and collect garbage beside it. */
  readonly allMs: number;
}

function cpuTimeOf(pid: number): CpuTime {
  const allMs = sum(listDirectory(`/proc/${pid}/task`).map((task) => threadCpuMs(String(pid), task)));
  return { mainMs: threadCpuMs(String(pid), String(pid)), allMs };
}

function workerdCpuMs(): number {
  return sum(workerdPids().map((pid) => cpuTimeOf(Number(pid)).allMs));
}

const POLL_MS = 5;
const MAX_POLLS = 40;

/** The same, once workerd has nothing left to do: what follows an answer belongs to what was asked. */
export async function settledCpuMs(): Promise<number> {
  await settle(workerdCpuMs);
  return workerdCpuMs();
}

/** The same of one process. */
export async function settledCpuTimeOf(pid: number): Promise<CpuTime> {
  await settle(() => cpuTimeOf(pid).allMs);
  return cpuTimeOf(pid);
}

async function settle(cpuMs: () => number): Promise<void> {
  let before = cpuMs();
  for (let poll = 0; poll < MAX_POLLS; poll++) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const now = cpuMs();
    if (now - before < 0.1) return;
    before = now;
  }
}

export interface ResidentMemory {
  readonly nowMb: number;
  /** Since the last `resetPeak`. */
  readonly peakMb: number;
}

export function workerdMemory(): ResidentMemory {
  const statuses = workerdPids().map((pid) => readText(`/proc/${pid}/status`));
  const total = (name: string) =>
    sum(statuses.map((status) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0))) / 1024;
  return { nowMb: total("VmRSS"), peakMb: total("VmHWM") };
}

/** See `clear_refs` in https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html */
export function resetPeak(): void {
  for (const pid of workerdPids()) writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

function workerdPids(): string[] {
  return listDirectory("/proc").filter((name) => /^\d+$/.test(name) && isOurWorkerd(name));
}

/** The fields after the name in brackets are the state and the parent. */
function isOurWorkerd(pid: string): boolean {
  const stat = readText(`/proc/${pid}/stat`);
  const parent = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
  return stat.includes("(workerd)") && parent === String(process.pid);
}

/** The first field is the time on a processor in nanoseconds; `stat` has it in steps of 10 ms only. */
function threadCpuMs(pid: string, task: string): number {
  return Number(readText(`/proc/${pid}/task/${task}/schedstat`).split(" ")[0]) / 1e6;
}

/** Processes and threads may end while they are listed. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function listDirectory(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
