import { define } from "./define.ts";
import { problemAnswer, ProblemError } from "./problem.ts";

/** Answered by every process, also where the database cannot be used. */
const ABOUT_THE_PROCESS: ReadonlySet<string> = new Set([
  "/api/health",
  "/api/ready",
]);

/** A process that syncs only (PORTAL_ROLE=worker) answers how it is, and nothing else. */
export const workerGate = define.middleware((ctx) => {
  const { services: { role }, requestId } = ctx.state;
  if (role !== "worker" || ABOUT_THE_PROCESS.has(ctx.url.pathname)) {
    return ctx.next();
  }
  return problemAnswer({
    status: 404,
    detail: "This process syncs and serves no pages (PORTAL_ROLE=worker).",
  }, requestId);
});

/** While the database cannot be used, nothing is shown: every page says so. The reason is at the health endpoint. */
export const storeGate = define.middleware((ctx) => {
  const { services: { store } } = ctx.state;
  if (store.refusal() === null || ABOUT_THE_PROCESS.has(ctx.url.pathname)) {
    return ctx.next();
  }
  throw new ProblemError({
    status: 503,
    detail:
      "The portal cannot use its database at the moment, so it shows nothing. Its operators find the reason in the log and at /api/health.",
    headers: { "retry-after": "30" },
  });
});

/** What a refusal may tell anyone: no path of the machine. */
export function publicReason({ message }: Error): string {
  return message.replace(/(?<=database) '[^']*'/, "");
}
