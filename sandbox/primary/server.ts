import { PRIMARY_CATEGORIES } from "../../src/categories.ts";
import { createFaults, type FaultList } from "../faults.ts";
import { type HttpAnswer, type HttpRequest, jsonAnswer } from "../http/answer.ts";
import { type HttpServer, type RequestLogEntry, startHttpServer } from "../http/server.ts";
import { createPrimaryStore, type PrimaryStore } from "./store.ts";

/**
 * A PRIMARY: the routes of a model reference server that a replica or a sync reads, under `/` and under `/api`.
 * Answers carry no ETag and are not compressed, as with the real one.
 */
export interface PrimaryServer extends Omit<PrimaryStore, "lastUpdated" | "metadata">, Pick<HttpServer, "answer"> {
  /** The base URL, without a trailing slash. */
  readonly url: string;
  readonly lastUpdated: number | null;
  /** Every request since the start or the last `clearLog`, in the order of arrival. */
  readonly log: readonly RequestLogEntry[];
  clearLog(): void;
  readonly faults: FaultList;
  /** false: another server owns the legacy format, so the metadata routes answer 503. */
  setCanonical(isCanonical: boolean): void;
  close(): Promise<void>;
}

/** Known by name, served by other means: always empty here. */
const ALWAYS_EMPTY: readonly string[] = ["lora", "ti"];

const PREFIX = /^(?:\/api)?\/model_references\/v1\//;

export async function startPrimaryServer(options: { port: number; now?: () => number }): Promise<PrimaryServer> {
  const store = createPrimaryStore(options.now ?? Date.now);
  const log: RequestLogEntry[] = [];
  const faults = createFaults();
  let isCanonical = true;
  const server = await startHttpServer({
    port: options.port,
    faults,
    log,
    handle: (request) => answer(request, store, isCanonical),
  });
  const { lastUpdated, metadata: _metadata, ...edits } = store;
  return {
    ...edits,
    url: server.url,
    answer: server.answer,
    get lastUpdated() {
      return lastUpdated();
    },
    log,
    clearLog() {
      log.length = 0;
    },
    faults,
    setCanonical(value) {
      isCanonical = value;
    },
    close: server.close,
  };
}

function answer(request: HttpRequest, store: PrimaryStore, isCanonical: boolean): HttpAnswer {
  if (!PREFIX.test(request.path)) return jsonAnswer(404, { detail: "Not Found" });
  if (request.method !== "GET") return jsonAnswer(405, { detail: "Method Not Allowed" }, { allow: "GET" });
  const rest = request.path.replace(PREFIX, "").replace(/\/$/, "");
  if (!rest.startsWith("metadata/")) return categoryAnswer(rest, store);
  if (!isCanonical) {
    return jsonAnswer(503, { detail: "Legacy metadata is only available when the canonical format is legacy." });
  }
  if (rest === "metadata/last_updated") return plainJson(JSON.stringify({ last_updated: store.lastUpdated() }));
  if (rest === "metadata/metadata") return plainJson(JSON.stringify(store.metadata()));
  return jsonAnswer(404, { detail: "Not Found" });
}

function categoryAnswer(name: string, store: PrimaryStore): HttpAnswer {
  if (!PRIMARY_CATEGORIES.some((known) => known === name)) return unknownCategory(name);
  if (ALWAYS_EMPTY.includes(name)) return plainJson("{}");
  const text = store.category(name);
  if (text === null || text === "") return jsonAnswer(404, { detail: `No model reference found for ${name}.` });
  return plainJson(text);
}

function plainJson(body: string): HttpAnswer {
  return { status: 200, headers: { "content-type": "application/json" }, body };
}

/** The shape in which FastAPI refuses an enum in a path: https://fastapi.tiangolo.com/tutorial/path-params/ */
function unknownCategory(name: string): HttpAnswer {
  const expected = PRIMARY_CATEGORIES.map((known) => `'${known}'`)
    .join(", ")
    .replace(/, ([^,]*)$/, " or $1");
  return jsonAnswer(422, {
    detail: [
      {
        type: "enum",
        loc: ["path", "model_category_name"],
        msg: `Input should be ${expected}`,
        input: name,
        ctx: { expected },
      },
    ],
  });
}
