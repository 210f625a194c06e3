import { HttpError } from "fresh";
import {
  ConflictError,
  NotFoundError,
  TransientError,
  UsageError,
} from "../domain/mod.ts";
import { ThrottledError } from "../auth/mod.ts";
import { QueryError } from "./query.ts";

/** What went wrong, in words that may leave the server. */
export interface Problem {
  status: number;
  /** A sentence for people, without any inner detail. */
  detail: string;
  /** The query parameter that is wrong. */
  parameter?: string;
  headers?: Record<string, string>;
}

/** A problem that a route has put into words itself. */
export class ProblemError extends Error {
  override name = "ProblemError";

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

const TITLES: Record<number, string> = {
  400: "Bad request",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  409: "Conflict",
  413: "Too large",
  429: "Too many requests",
  500: "Internal error",
  503: "Unavailable",
};

const INTERNAL: Problem = {
  status: 500,
  detail:
    "Something went wrong in the portal. The operators find the details under the request's id.",
};

/** The short name of a status. */
export function problemTitle(status: number): string {
  return TITLES[status] ?? (status < 500 ? "Bad request" : "Internal error");
}

/**
 * The one place that turns an error into an answer. What is not told apart here is 500, and its
 * message stays in the log. A 404 never says whether the thing exists for somebody else.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof QueryError) {
    return {
      status: 400,
      detail: error.message,
      parameter: error.parameter,
    };
  }
  if (error instanceof UsageError) {
    return { status: 400, detail: error.message };
  }
  if (error instanceof NotFoundError) return notFound();
  if (error instanceof ConflictError) {
    return { status: 409, detail: error.message };
  }
  if (error instanceof ThrottledError) {
    return {
      status: 429,
      detail: "Too many attempts. Wait a little, then try again.",
      headers: { "retry-after": String(error.retryAfterSeconds) },
    };
  }
  if (error instanceof TransientError) {
    return {
      status: 503,
      detail:
        "The portal cannot reach its data at the moment. Try again in a minute.",
      headers: { "retry-after": "30" },
    };
  }
  return error instanceof HttpError ? fromHttpError(error) : INTERNAL;
}

/** RFC 9457. */
export function problemAnswer(
  { status, detail, parameter, headers }: Problem,
  requestId: string,
): Response {
  const body = {
    type: "about:blank",
    title: problemTitle(status),
    status,
    detail,
    ...parameter === undefined ? {} : { parameter },
    requestId,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...headers, "content-type": "application/problem+json" },
  });
}

function fromHttpError({ status, message }: HttpError): Problem {
  if (status >= 500) return { ...INTERNAL, status };
  if (status === 404) return notFound();
  return { status, detail: message || problemTitle(status) };
}

function notFound(): Problem {
  return { status: 404, detail: "There is nothing at this address." };
}
