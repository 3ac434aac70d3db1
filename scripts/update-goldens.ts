/**
 * Writes test/http/golden anew: `npm run goldens`. Read the difference before it is committed; never run
 * by CI.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { GOLDEN_CASES, renderGolden } from "../test/http/golden-cases.ts";

const FOLDER = fileURLToPath(new URL("../test/http/golden", import.meta.url));

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
for (const golden of GOLDEN_CASES) {
  for (const form of ["txt", "html"] as const) {
    writeFileSync(`${FOLDER}/${golden.name}.${form}.golden`, await renderGolden(golden, form));
  }
}
