import { getLogger } from "@logtape/logtape";
import type { Context } from "fresh";
import { pathForLog } from "./links.ts";
import type { State } from "./state.ts";
import { inRequestSpan, traceId } from "./telemetry.ts";

const log = getLogger(["portal", "request"]);

/**
 * Lets a request pass, and logs one line of it when its answer begins. A route stands in it as its pattern: the address
 * itself only where no route knows it, without what opens something.
 */
export async function logRequest(ctx: Context<State>): Promise<Response> {
  const began = performance.now();
  return await inRequestSpan(ctx, async () => {
    const answer = await ctx.next();
    note(ctx, answer.status, Math.round(performance.now() - began));
    return answer;
  });
}

function note(ctx: Context<State>, status: number, ms: number): void {
  const { services, requestId, workspace } = ctx.state;
  const trace = traceId();
  (services.requestLog ?? log).info(
    "{method} {route} answered {status} in {ms} ms",
    {
      requestId,
      method: ctx.req.method,
      route: ctx.route,
      ...ctx.route === null ? { path: pathForLog(ctx.url) } : {},
      status,
      ms,
      tenant: workspace?.tenant.slug ?? null,
      tenantId: workspace?.tenant.id ?? null,
      ...trace === null ? {} : { trace },
    },
  );
}
