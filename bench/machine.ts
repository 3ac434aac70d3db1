/** Where and with what the figures were measured. */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { compatibilityDate } from "./runtime.ts";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly os: string;
  readonly versions: Readonly<Record<"horde-model-reference-sync" | "node" | "workerd" | "wrangler", string>>;
  readonly compatibilityDate: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    // The kernel's own version, without what its builder put behind.
    os: `${type()} ${/^\d+\.\d+/.exec(release())?.[0] ?? release()}`,
    versions: {
      "horde-model-reference-sync": versionOf("../package.json"),
      node: process.versions.node,
      workerd: versionOf("../node_modules/workerd/package.json"),
      wrangler: versionOf("../node_modules/wrangler/package.json"),
    },
    compatibilityDate: compatibilityDate(),
  };
}

function versionOf(manifest: string): string {
  const { version }: { version?: string } = JSON.parse(readFileSync(new URL(manifest, import.meta.url), "utf8"));
  return version ?? "unknown";
}
