/**
 * Says at the end of a run how to run each test that failed again, alone.
 */
import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

const MOST = 20;

export default class HowToRerun implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const commands = modules.flatMap(commandsOf);
    if (commands.length === 0) return;
    const more = commands.length > MOST ? [`and ${commands.length - MOST} more`] : [];
    console.error(
      ["", "Run one of them alone:", ...commands.slice(0, MOST), ...more].map((line) => `  ${line}`).join("\n"),
    );
  }
}

function commandsOf(module: TestModule): string[] {
  const { name } = module.project;
  const isBuilt = name === "e2e" || name === "browser";
  const path = relative(process.cwd(), module.moduleId);
  const base = `${isBuilt ? "npm run build && " : ""}npx vitest run --project ${name} ${path}`;
  const tests = [...module.children.allTests("failed")];
  // A file that failed before its tests has none to name.
  if (tests.length === 0) return module.state() === "failed" ? [base] : [];
  return tests.map(({ fullName }) => `${base} -t ${quote(fullName)}`);
}

/** For a shell, as a regular expression that means just this name. */
function quote(name: string): string {
  return `'^${name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&").replaceAll("'", "'\\''")}$'`;
}
