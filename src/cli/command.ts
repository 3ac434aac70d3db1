/**
 * The command line: arguments in, exit code out.
 */
import { VERSION } from "../core/version.ts";
import { parseArguments } from "./arguments.ts";
import { renderHelp } from "./help.ts";
import { EXIT, type Host } from "./host.ts";

/** @param argv without the program's own name */
export async function runCommand(argv: readonly string[], host: Host): Promise<number> {
  const parsed = parseArguments(argv);
  switch (parsed.kind) {
    case "help":
      await host.stdout.write(renderHelp());
      return EXIT.done;
    case "version":
      await host.stdout.write(`${VERSION}\n`);
      return EXIT.done;
    case "problems":
    case "migration":
    case "arguments": {
      // Help is there at once, and evaluates nothing of what a run needs.
      const { perform } = await import("./perform.ts");
      return perform(parsed, host);
    }
  }
}
