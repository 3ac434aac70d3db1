import type { FaultAction } from "../faults.ts";
import type { HttpAnswer } from "./answer.ts";

/** What is answered in the place of the real thing. */
export function injectedAnswer(fault: Extract<FaultAction, { type: "status" | "body" | "html" }>): HttpAnswer {
  switch (fault.type) {
    case "status":
      return {
        status: fault.status,
        headers: { "content-type": "application/json; charset=utf-8", ...fault.headers },
        body: fault.body ?? JSON.stringify({ message: "Injected fault", status: String(fault.status) }),
      };
    case "body":
      return { status: 200, headers: { "content-type": fault.contentType ?? "application/json" }, body: fault.body };
    case "html":
      return { status: fault.status ?? 200, headers: { "content-type": "text/html; charset=utf-8" }, body: UNICORN };
  }
}

const UNICORN = `<!DOCTYPE html>
<html><head><title>Unicorn!</title></head><body>
<p><strong>This page is taking too long to load.</strong></p>
<p>Sorry about that. Please try refreshing and contact us if the problem persists.</p>
</body></html>
`;

/** As if a proxy had lost the rest: the length fits what is sent, and the text does not parse. */
export function firstHalf(answer: HttpAnswer): HttpAnswer {
  if (answer.body === null) return answer;
  const bytes = Buffer.from(answer.body);
  return { ...answer, body: bytes.subarray(0, Math.floor(bytes.length / 2)) };
}
