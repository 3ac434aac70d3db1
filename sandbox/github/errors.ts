import { type HttpAnswer, jsonAnswer } from "../http/answer.ts";

/** A request that GitHub refuses, with the words it uses. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly errors: readonly unknown[] | null;

  constructor(status: number, message: string, errors: readonly unknown[] | null = null) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
export function errorAnswer(error: ApiError): HttpAnswer {
  return jsonAnswer(error.status, {
    message: error.message,
    ...(error.errors === null ? {} : { errors: error.errors }),
    documentation_url: "https://docs.github.com/rest",
    status: String(error.status),
  });
}

export function notFound(): ApiError {
  return new ApiError(404, "Not Found");
}

export function missing(field: string): ApiError {
  return new ApiError(422, `Invalid request.\n\n"${field}" wasn't supplied.`);
}

/** "Validation Failed" with a sentence of its own. */
export function custom(resource: string, message: string): ApiError {
  return new ApiError(422, "Validation Failed", [{ resource, code: "custom", message }]);
}

/** "Validation Failed" for the value of a field. */
export function invalid(resource: string, field: string): ApiError {
  return new ApiError(422, "Validation Failed", [{ resource, field, code: "invalid" }]);
}
