import { DOORS, pathIds } from "./_matrix.ts";
import { type Case, isInWorkspace } from "./_matrix_cases.ts";

/** What is wrong with the status of an answer, or with where it leads; null where it is right. */
export function wrongAnswer(
  one: Case,
  { status, headers }: Pick<Response, "status" | "headers">,
): string | null {
  const location = headers.get("location") ?? "";
  const told = `answered ${status} ${location}`.trim();
  const may = (...allowed: number[]) => allowed.includes(status) ? null : told;
  const { pattern, role, tenant, place, method } = one;
  const door = DOORS[pattern]!;
  if (pattern.startsWith("/calendar/")) {
    // The address is the key: one brand's is none of the other's.
    const isMixed = place === "path" && tenant === "foreign";
    return isMixed ? may(404, 429) : may(200);
  }
  if (door === "open") return null;
  if (role === "anonymous" || place === "forged_session") {
    if (status === 302 || status === 303) {
      return location.startsWith("/login") ? null : told;
    }
    return may(401, 404, 405);
  }
  const agency = role === "agency_admin";
  if (door === "admin" && !agency) return may(403, 404, 405);
  if (tenant === "own") return wrongOwn(one, status) ? told : null;
  const refusedByRole = door === "managed" || door === "agency";
  switch (place) {
    case "query":
    case "query_twice": {
      if (agency && place === "query") return null;
      const opens = isInWorkspace(pattern) ||
        (pattern !== "/select-workspace");
      return opens ? may(404, 405) : null;
    }
    case "path":
      if (!agency) return refusedByRole ? may(403, 404) : may(404);
      return pathIds(pattern).length > 1 || isInWorkspace(pattern)
        ? may(404)
        : null;
    case "session":
      // The agency has both workspaces, and this is the one that it chose.
      if (agency) return null;
      return wrongOwn(one, status) ? told : null;
    case "header":
    case "cookie":
    case "query_names":
      return wrongOwn(one, status) ? told : null;
    case "cursor":
      return may(200, 303, 400, 403, 404, 405);
    case "body":
      return method === "POST" ? null : told;
  }
}

/** Asks for more than ids in its path: a record of the quarantine, of which no brand here has one. */
const ASKS_FOR_MORE = new Set(["/admin/tenants/:slug/quarantine/record"]);

/** Whether somebody of the brand does not get what is theirs. */
function wrongOwn(
  { pattern, role, place, method }: Case,
  status: number,
): boolean {
  if (method === "POST") return status >= 500;
  if (place === "query_twice") {
    return ![404, 405].includes(status) && pattern !== "/select-workspace";
  }
  const mayManage = role === "agency_admin" || role === "tenant_admin";
  const forAgency = pattern.endsWith("/edit");
  if (
    DOORS[pattern] === "managed" &&
    (!mayManage || (forAgency && role !== "agency_admin"))
  ) {
    return status !== 403 && status !== 303;
  }
  if (DOORS[pattern] === "agency" && role !== "agency_admin") {
    return status !== 403 && status !== 303;
  }
  if (place === "cursor" && status === 400) return false;
  if (ASKS_FOR_MORE.has(pattern)) return status !== 404;
  return status >= 400;
}
