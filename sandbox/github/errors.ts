import { type HttpAnswer, jsonAnswer } from "../http/answer.ts";

export interface Refusal {
  readonly headers?: Readonly<Record<string, string>>;
  readonly documentationUrl?: string;
  readonly errors?: readonly unknown[];
  /** Fields beside the usual ones. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A request that GitHub refuses, with the words it uses. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly refusal: Refusal;

  constructor(status: number, message: string, refusal: Refusal = {}) {
    super(message);
    this.status = status;
    this.refusal = refusal;
  }
}

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
export function errorAnswer({ status, message, refusal }: ApiError): HttpAnswer {
  const { headers = {}, documentationUrl = "https://docs.github.com/rest", errors, fields = {} } = refusal;
  const body = {
    message,
    ...(errors === undefined ? {} : { errors }),
    documentation_url: documentationUrl,
    status: String(status),
    ...fields,
  };
  return jsonAnswer(status, body, headers);
}

export function notFound(): ApiError {
  return new ApiError(404, "Not Found");
}

export function missing(field: string): ApiError {
  return new ApiError(422, `Invalid request.\n\n"${field}" wasn't supplied.`);
}

/** "Validation Failed" with a sentence of its own. */
export function custom(resource: string, message: string): ApiError {
  return new ApiError(422, "Validation Failed", { errors: [{ resource, code: "custom", message }] });
}

/** "Validation Failed" for the value of a field. */
export function invalid(resource: string, field: string): ApiError {
  return new ApiError(422, "Validation Failed", { errors: [{ resource, field, code: "invalid" }] });
}

/** "Validation Failed" for a text that is too long. */
export function tooLong(resource: string, field: string, limit: number): ApiError {
  const message = `${field} is too long (maximum is ${limit} characters)`;
  return new ApiError(422, "Validation Failed", { errors: [{ resource, code: "custom", field, message }] });
}
