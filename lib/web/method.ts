import type { Context } from "fresh";
import { type Problem, ProblemError } from "./problem.ts";

type Handle<S> = (ctx: Context<S>) => Response | Promise<Response>;

/** A handler for each verb that an endpoint knows. HEAD is answered by GET. */
export type MethodTable<S> = { GET?: Handle<S>; POST?: Handle<S> };

/**
 * One handler for every verb: OPTIONS says which there are, another one is 405 with Allow. As a
 * function it is asked for verbs that a table of handlers would answer with 404.
 */
export function methods<S>(table: MethodTable<S>): Handle<S> {
  const allow = [
    ...table.GET ? ["GET", "HEAD"] : [],
    ...table.POST ? ["POST"] : [],
    "OPTIONS",
  ].join(", ");
  return async (ctx) => {
    switch (ctx.req.method) {
      case "GET":
      case "HEAD":
        if (!table.GET) throw methodNotAllowed(allow);
        return withoutBody(ctx.req, await table.GET(ctx));
      case "POST":
        if (!table.POST) throw methodNotAllowed(allow);
        return await table.POST(ctx);
      case "OPTIONS":
        return new Response(null, { status: 204, headers: { allow } });
      default:
        throw methodNotAllowed(allow);
    }
  };
}

function withoutBody(request: Request, answer: Response): Response {
  return request.method === "HEAD" ? new Response(null, answer) : answer;
}

function methodNotAllowed(allow: string): ProblemError {
  const problem: Problem = {
    status: 405,
    detail: `This address answers ${allow} only`,
    headers: { allow },
  };
  return new ProblemError(problem);
}
