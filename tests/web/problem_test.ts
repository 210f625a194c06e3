import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { HttpError } from "fresh";
import { ThrottledError } from "../../lib/auth/mod.ts";
import {
  ConflictError,
  NotFoundError,
  TerminalError,
  TransientError,
  UsageError,
} from "../../lib/domain/mod.ts";
import { problemAnswer, QueryError, toProblem } from "../../lib/web/mod.ts";

describe("toProblem()", () => {
  it("gives every kind of error its status", () => {
    const statuses = [
      new UsageError("Cannot read the cursor"),
      new QueryError("limit", "it must be a whole number"),
      new HttpError(403, "no"),
      new NotFoundError("Cannot open tenant 'bravo'"),
      new ConflictError("Cannot change tenant 'acme'"),
      new ThrottledError("Cannot sign in", 60),
      new TransientError("Cannot read"),
      new TerminalError("Cannot open the secret"),
      new Error("boom"),
      new HttpError(502, "inner"),
      "thrown text",
      null,
    ].map((error) => toProblem(error).status);
    expect(statuses).toEqual([
      400,
      400,
      403,
      404,
      409,
      429,
      503,
      500,
      500,
      502,
      500,
      500,
    ]);
  });

  it("keeps inner detail to itself", () => {
    const inner = "tenant 'bravo' at /srv/portal.sqlite3";
    const errors = [
      new NotFoundError(inner),
      new TransientError(inner),
      new TerminalError(inner),
      new Error(inner),
      new HttpError(500, inner),
      new HttpError(404, inner),
    ];
    for (const error of errors) {
      expect(JSON.stringify(toProblem(error))).not.toContain("bravo");
    }
  });

  it("says when to come again", () => {
    const throttled = toProblem(new ThrottledError("Cannot sign in", 60));
    expect(throttled.headers).toEqual({ "retry-after": "60" });
    const transient = toProblem(new TransientError("Cannot read"));
    expect(transient.headers).toEqual({ "retry-after": "30" });
  });
});

describe("problemAnswer()", () => {
  it("is problem+json with the request's id and the wrong parameter", async () => {
    const problem = toProblem(new QueryError("limit", "it must be a number"));
    const answer = problemAnswer(problem, "r1");
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toEqual({
      type: "about:blank",
      title: "Bad request",
      status: 400,
      detail: "Cannot read the parameter 'limit': it must be a number",
      parameter: "limit",
      requestId: "r1",
    });
  });
});
