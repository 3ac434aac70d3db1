/**
 * Does what the arguments ask for, or says what is wrong with them. Does I/O.
 */
import { describeItem } from "../check/items.ts";
import type { Report } from "../contract/report.ts";
import { breakCommands, toOneLine } from "../core/inert.ts";
import type { ParsedArguments } from "./arguments.ts";
import { choosePaint } from "./colours.ts";
import { EXIT, type Host } from "./host.ts";
import { migrate } from "./migrate.ts";
import { runOnce } from "./once.ts";
import { openSession, type Session } from "./session.ts";
import { prepareSetup, type Setup } from "./setup.ts";
import { requireWritable } from "./state-file.ts";
import { createStop, type Stop } from "./stop.ts";
import { showReport } from "./summary.ts";
import { describeFileFault, FileError } from "./text-file.ts";
import { watch } from "./watch.ts";
import { describeStart } from "./watch-lines.ts";

/** @returns the exit code */
export async function perform(
  parsed: Exclude<ParsedArguments, { kind: "help" | "version" }>,
  host: Host,
): Promise<number> {
  switch (parsed.kind) {
    case "problems":
      return refuse([...parsed.problems, ...findMoreProblems(parsed, host)], host);
    case "migration":
      return migrate(parsed.migration, host);
    case "arguments": {
      const prepared = prepareSetup(parsed.arguments, host);
      return prepared.kind === "problems" ? refuse(prepared.problems, host) : runSetup(prepared.setup, host);
    }
  }
}

/** What is wrong with the settings is told together with what is wrong with the options. */
function findMoreProblems(
  { arguments: given, doubtful }: Extract<ParsedArguments, { kind: "problems" }>,
  host: Host,
): readonly string[] {
  const prepared = given === null ? null : prepareSetup(given, host, doubtful);
  return prepared?.kind === "problems" ? prepared.problems : [];
}

async function refuse(problems: readonly string[], { stderr, env }: Host): Promise<number> {
  const paint = choosePaint(stderr, env);
  for (const problem of problems) await stderr.write(`${paint("red", problem)}\n`);
  await stderr.write("Nothing was done. Try --help.\n");
  return EXIT.usage;
}

async function runSetup(setup: Setup, host: Host): Promise<number> {
  await host.saveMemory();
  const stop = createStop(host);
  const session = openSession(setup, host, stop);
  stop.asked.addEventListener("abort", () => session.say("stopping; a second signal ends it at once"));
  for (const warning of setup.warnings) session.log.warn("warning", { message: warning });
  try {
    if (setup.command === "check") return await showCheck(setup, session, host);
    await requireStateFile(setup, session);
    if (!setup.config.watch.enabled) return await runOnce(setup, session, host, stop);
    return await runWatch(setup, session, host, stop);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    session.log.error("error", { message: error.message });
    return EXIT.failed;
  }
}

/** Whatever is not in order is named with its cure. */
async function showCheck({ isJson, isQuiet }: Setup, { service }: Session, { stdout, env }: Host): Promise<number> {
  const report = await service.check({ hasState: false });
  const paint = choosePaint(stdout, env);
  const shown = report.items.filter(({ result }) => !isQuiet || result !== "ok");
  const lines = shown.map((item) =>
    paint(CHECK_COLOURS[item.result], breakCommands(toOneLine(describeItem(item), 1000))),
  );
  await stdout.write(isJson ? `${JSON.stringify(report)}\n` : lines.map((line) => `${line}\n`).join(""));
  return report.result === "failed" ? EXIT.failed : EXIT.done;
}

const CHECK_COLOURS = { ok: "green", warning: "yellow", failed: "red" } as const;

/** One that was asked for has to work; without it a watch begins anew at every start. */
async function requireStateFile({ config, stateFile, defaultStateFile }: Setup, { log }: Session): Promise<void> {
  if (config.dryRun || (stateFile === null && !config.watch.enabled)) return;
  try {
    await requireWritable(stateFile ?? defaultStateFile);
  } catch (error) {
    const message = `The state file ${stateFile ?? defaultStateFile} cannot be used: ${describeFileFault(error)}.`;
    if (stateFile !== null) throw new FileError(message, { cause: error });
    log.warn("warning", { message: `${message} What was synced is forgotten at the end; --state-file names another.` });
  }
}

async function runWatch(setup: Setup, session: Session, host: Host, stop: Stop): Promise<number> {
  const { config, initialDelayMs } = setup;
  for (const line of describeStart(setup)) session.say(line);
  const show = async (report: Report) => {
    await showReport(report, setup, host);
    await session.told();
  };
  await watch({ ...session, config, initialDelayMs, stop, now: host.clock.now, show });
  await session.told();
  session.say(stop.aborted.aborted ? "stopped; the run was cut short, and the next start finishes it" : "stopped");
  return EXIT.done;
}
