import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HttpAnswer, HttpRequest } from "../http/answer.ts";
import { createExchangeCheck } from "./exchange-check.ts";
import { readFacts } from "./facts.ts";

/** Checks what goes over the wire, counts it, and writes both into a folder that many processes share. */
export interface Recorder {
  request(request: HttpRequest): void;
  answer(request: HttpRequest, answer: HttpAnswer): void;
  close(): void;
}

export interface Counts {
  readonly source: string;
  readonly requests: number;
  readonly answers: number;
  /** Names of the operations that were answered. */
  readonly operations: readonly string[];
}

export interface Mismatch {
  readonly operation: string;
  readonly problems: readonly string[];
}

/** Only requests by the product are held to the description: the sandbox's own tests send wrong ones on purpose. */
const PRODUCT = /^horde-model-reference-sync\//;

/** A recorder that writes to the folder in `SANDBOX_CHECK_API`, or one that does nothing. */
export function createRecorder(directory = process.env["SANDBOX_CHECK_API"] ?? ""): Recorder {
  return directory === "" ? { request() {}, answer() {}, close() {} } : recordTo(directory);
}

/** Mismatches of this process; a line each, so that a test can tell at its end which are its own. */
export function mismatchFile(directory: string): string {
  return join(directory, `mismatches-${process.pid}.jsonl`);
}

function recordTo(directory: string): Recorder {
  mkdirSync(directory, { recursive: true });
  const facts = readFacts();
  const check = createExchangeCheck(facts);
  const operations = new Set<string>();
  let requests = 0;
  let answers = 0;
  const note = (request: HttpRequest, status: string, problems: readonly string[]) => {
    if (problems.length === 0) return;
    const mismatch: Mismatch = { operation: `${request.method} ${request.path}${request.query}${status}`, problems };
    appendFileSync(mismatchFile(directory), `${JSON.stringify(mismatch)}\n`);
  };
  return {
    request(request) {
      if (!PRODUCT.test(request.headers["user-agent"] ?? "")) return;
      requests += 1;
      note(request, "", check.checkRequest(request));
    },
    answer(request, answer) {
      const operation = check.operationOf(request);
      if (operation === null) return;
      answers += 1;
      operations.add(operation.name);
      note(request, ` -> ${answer.status}`, check.checkAnswer(request, answer));
    },
    close() {
      const counts: Counts = { source: facts.source, requests, answers, operations: [...operations] };
      writeFileSync(join(directory, `counts-${randomUUID()}.json`), JSON.stringify(counts));
    },
  };
}
