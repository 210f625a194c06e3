import type * as z from "zod";
import type { ApiScope } from "../domain/mod.ts";
import type * as schemas from "./api_schemas.ts";
import { NOTE_FILTERS } from "./notes_query.ts";
import { cursorParam, limitParam, offsetParam } from "./query.ts";

/** The parameters of the hot list. */
export const HOT_LIST_QUERY = { limit: limitParam(50), offset: offsetParam() };

/** The parameters of the notes. */
export const NOTES_QUERY = {
  limit: limitParam(50),
  offset: offsetParam(),
  ...NOTE_FILTERS,
  cursor: cursorParam()
    .describe("In place of `offset`: `page.cursor` of the page before."),
};

/** The parameters of the schedule. */
export const SCHEDULE_QUERY = { limit: limitParam(100) };

/** The shapes of answers that api_schemas.ts has. */
export type AnswerName = Extract<keyof typeof schemas, `${string}Answer`>;

/** A JSON endpoint as programs know it. */
export interface ApiEndpoint {
  /** Changes something unless it is "get". */
  method: "get" | "post";
  /**
   * Who may ask: anyone; who is signed in; or a token with this scope too. A token opens nothing else.
   */
  access: "open" | "session" | { scope: ApiScope };
  summary: string;
  /** The status of a good answer. */
  status: 200 | 202;
  /** Its shape in api_schemas.ts, which is loaded for the description alone. */
  answer: AnswerName;
  query?: z.ZodRawShape;
}

/** Every JSON endpoint with an answer of its own, by its route. */
export const API_ENDPOINTS: Readonly<Record<string, ApiEndpoint>> = {
  "/api/dashboard/leads": reading("leads", "leadsAnswer", {
    summary: "The figures of the Leads page",
  }),
  "/api/dashboard/pipeline": reading("pipeline", "pipelineAnswer", {
    summary: "The figures of the Pipeline page",
  }),
  "/api/dashboard/hot-list": reading("hot-list", "hotListAnswer", {
    summary: "Candidates near signing, highest weighted IFF first",
    query: HOT_LIST_QUERY,
  }),
  "/api/dashboard/notes": reading("notes", "notesAnswer", {
    summary: "The notes, newest first",
    query: NOTES_QUERY,
  }),
  "/api/dashboard/notes/:id": reading("notes", "noteAnswer", {
    summary: "One note with the whole of its content",
  }),
  "/api/dashboard/schedule": reading("schedule", "scheduleAnswer", {
    summary: "Activities that lie ahead, soonest first",
    query: SCHEDULE_QUERY,
  }),
  "/api/reports": reading("reports", "reportsAnswer", {
    summary: "The published reports, newest first",
  }),
  "/api/sync/status": reading("status", "statusAnswer", {
    summary: "How old the data is, and how each stream fared",
  }),
  "/api/sync/trigger": {
    method: "post",
    access: "session",
    summary: "Asks for a sync now; for the agency alone",
    status: 202,
    answer: "triggerAnswer",
  },
  "/api/health": {
    method: "get",
    access: "open",
    summary: "Whether the portal and its database answer",
    status: 200,
    answer: "healthAnswer",
  },
  "/api/ready": {
    method: "get",
    access: "open",
    summary: "Whether this process can do its work; 503 where it cannot",
    status: 200,
    answer: "readyAnswer",
  },
};

/** The scope that a token needs for a route; null where no token will do. */
export function scopeOf(route: string): ApiScope | null {
  const endpoint = Object.hasOwn(API_ENDPOINTS, route)
    ? API_ENDPOINTS[route]
    : undefined;
  return typeof endpoint?.access === "object" ? endpoint.access.scope : null;
}

/** The first endpoint that a scope opens. */
export function pathOf(scope: ApiScope): string {
  const route = Object.keys(API_ENDPOINTS).find((one) =>
    scopeOf(one) === scope
  );
  if (!route) throw new RangeError(`Cannot find an endpoint of '${scope}'`);
  return route;
}

function reading(
  scope: ApiScope,
  answer: AnswerName,
  about: Pick<ApiEndpoint, "summary" | "query">,
): ApiEndpoint {
  return { method: "get", access: { scope }, status: 200, answer, ...about };
}
