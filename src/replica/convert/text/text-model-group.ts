import { parseTextModelName } from "./text-model-name.ts";

/**
 * The group of a text model: its name without backend and author, and without what tells the variants of one model
 * apart. `mistralai/Mixtral-8x7B-Instruct-v0.1` → `Mixtral`; `Llama-3-8B-Instruct-Q4_K_M` → `Llama-3`.
 */
export function textModelGroup(name: string): string {
  return parseTextModelName(name.replace(BACKEND, "").replace(AUTHOR, "")).base;
}

const BACKEND = /^(?:aphrodite|koboldcpp)\//;
const AUTHOR = /^[^/]*\//;
