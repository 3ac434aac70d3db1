import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

export interface OtherNode {
  readonly path: string;
  /** `v20.20.2` */
  readonly version: string;
}

/** A Node on the PATH that is not this one's version, such as the system's; the oldest one that is supported. */
export function findOtherNode(): OtherNode | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => existsSync(join(folder, "node")));
  for (const path of new Set(folders.map((folder) => join(folder, "node")))) {
    const version = spawnSync(path, ["--version"], { encoding: "utf8" }).stdout.trim();
    const major = Number(/^v(\d+)\./.exec(version)?.[1] ?? 0);
    if (major >= 20 && version !== process.version) return { path, version };
  }
  return null;
}
