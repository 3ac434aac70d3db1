import type { ServerResponse } from "node:http";
import type { HttpAnswer } from "./answer.ts";

/** How an answer gets to the caller. */
export type Wire =
  | { readonly kind: "whole" }
  | { readonly kind: "cut" }
  | { readonly kind: "trickle"; readonly ms: number; readonly bytes: number };

export const WHOLE: Wire = { kind: "whole" };

export async function sendOver(wire: Wire, response: ServerResponse, answer: HttpAnswer): Promise<void> {
  switch (wire.kind) {
    case "whole":
      return send(response, answer);
    case "cut":
      return cut(response, answer);
    case "trickle":
      return trickle(response, answer, wire);
  }
}

export function send(response: ServerResponse, answer: HttpAnswer): void {
  response.end(writeHead(response, answer) ?? undefined);
}

function writeHead(response: ServerResponse, answer: HttpAnswer): Buffer | null {
  const body = answer.body === null ? null : Buffer.from(answer.body);
  const headers = body === null ? answer.headers : { ...answer.headers, "content-length": String(body.length) };
  response.writeHead(answer.status, headers);
  return body;
}

function cut(response: ServerResponse, answer: HttpAnswer): void {
  const body = writeHead(response, answer) ?? Buffer.alloc(0);
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}

async function trickle(
  response: ServerResponse,
  answer: HttpAnswer,
  { ms, bytes }: { readonly ms: number; readonly bytes: number },
): Promise<void> {
  const body = writeHead(response, answer) ?? Buffer.alloc(0);
  for (let at = 0; at < body.length && !response.destroyed; at += bytes) {
    response.write(body.subarray(at, at + bytes));
    await new Promise((resolve) => setTimeout(resolve, ms).unref());
  }
  response.end();
}
