/**
 * A reference as an HTTP answer: validators, freshness, compression (RFC 9110, RFC 9111).
 */
import type { Context } from "hono";
import * as z from "zod/mini";
import type { ReportedError } from "../../contract/report.ts";
import type { Body } from "../content/reference.ts";

export interface ReferenceAnswer {
  /** Names the body among all that this URL ever gave. */
  readonly revision: string;
  /** Asked for only when the client does not have it yet. */
  readonly body: () => Promise<Pick<Body, "payload" | "leftOut">>;
  readonly commit: string | null;
  readonly ageSeconds: number;
  readonly ttlSeconds: number;
  readonly stale: ReportedError | null;
  /** `false`: only who has the token may have it, so that no cache on the way keeps it. */
  readonly isPublic: boolean;
}

/** Smaller bodies gain nothing from compression. */
const MIN_GZIP_BYTES = 860;
const ONE_WEEK_SECONDS = 7 * 86_400;

/**
 * 200, or 304 for a client that has the body already. The strong ETag of the compressed form ends in `-gzip`, as it is
 * another representation; either one is recognised, and so is its weak form, because proxies weaken what they
 * recompress.
 */
export async function answerReference(c: Context, answer: ReferenceAnswer): Promise<Response> {
  const headers = { ...commonHeaders(answer), "cache-control": cacheControl(c, answer) };
  const isGzip = acceptsGzip(encodingsOf(c));
  const etag = (suffix: string) => `"${answer.revision}${suffix}"`;
  const asked = c.req.header("if-none-match");
  const known =
    asked === undefined ? undefined : findKnown(asked, [etag(isGzip ? "-gzip" : ""), etag(""), etag("-gzip")]);
  if (known !== undefined) return new Response(null, { status: 304, headers: { ...headers, etag: known } });
  const { payload, leftOut } = await answer.body();
  const isHead = c.req.method === "HEAD";
  const packs = isGzip && payload.bytes.byteLength >= MIN_GZIP_BYTES;
  const body = packs ? await payload.gzip() : payload.bytes;
  const init: ResponseInit & { encodeBody?: "manual" } = {
    headers: {
      ...headers,
      etag: etag(packs ? "-gzip" : ""),
      "content-type": "application/json",
      "x-reference-issues": String(leftOut),
      ...(packs ? { "content-encoding": "gzip" } : {}),
      // A body has its length without being told.
      ...(isHead ? { "content-length": String(body.byteLength) } : {}),
    },
    // The body is compressed already: the runtime must not do it again.
    encodeBody: "manual",
  };
  return new Response(isHead ? null : body, init);
}

/** Whoever asks for a refresh means us, and not what a cache on the way has kept of the last one. */
function cacheControl(c: Context, { ttlSeconds, isPublic }: ReferenceAnswer): string {
  if (c.req.query("refresh") !== undefined) return "no-cache";
  if (!isPublic) return "private, no-cache";
  const staleSeconds = 10 * ttlSeconds;
  return `public, max-age=${ttlSeconds}, stale-while-revalidate=${staleSeconds}, stale-if-error=${ONE_WEEK_SECONDS}`;
}

function commonHeaders({ commit, ageSeconds, stale }: ReferenceAnswer): Record<string, string> {
  return {
    vary: "Accept-Encoding",
    age: String(ageSeconds),
    ...(commit === null ? {} : { "x-reference-commit": commit }),
    ...(stale === null ? {} : { warning: '111 - "Revalidation Failed"', "x-reference-stale": stale.code }),
  };
}

const CloudflareRequest = z.object({ cf: z.object({ clientAcceptEncoding: z.string() }) });

/**
 * What the client accepts. Cloudflare replaces the header by its own wishes, and says beside it what it was.
 *
 * @see https://developers.cloudflare.com/workers/runtime-apis/request/#incomingrequestcfproperties
 */
function encodingsOf(c: Context): string | undefined {
  const request = CloudflareRequest.safeParse(c.req.raw);
  return request.success ? request.data.cf.clientAcceptEncoding : c.req.header("accept-encoding");
}

/** `gzip`, `*` and `gzip;q=0.5`, but not `gzip;q=0`. */
function acceptsGzip(header: string | undefined): boolean {
  const codings = (header ?? "").split(",").map((coding) => coding.trim().toLowerCase());
  const qualityOf = (name: string) => {
    const [found] = codings.flatMap((coding) => (coding.split(";")[0]?.trim() === name ? [coding] : []));
    return found === undefined ? null : Number(/;\s*q=([\d.]+)/.exec(found)?.[1] ?? 1);
  };
  return (qualityOf("gzip") ?? qualityOf("*") ?? 0) > 0;
}

/** The first of our tags that the client names, in weak comparison. */
function findKnown(header: string, tags: readonly string[]): string | undefined {
  if (header.trim() === "*") return tags[0];
  const named = Array.from(header.matchAll(/(?:W\/)?("[^"]*")/g), ([, tag]) => tag);
  return tags.find((tag) => named.includes(tag));
}
