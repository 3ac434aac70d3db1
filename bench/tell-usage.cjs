// Loaded before a program: when it ends, its file 3 is told what the process took.
const { readFileSync, writeSync } = require("node:fs");

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const peakKb = readPeakKb() ?? maxRSS;
  writeSync(3, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMb: peakKb / 1024 }));
});

/** Linux keeps in `maxRSS` what the parent held when it made the process. */
function readPeakKb() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
  } catch {
    return null;
  }
}
