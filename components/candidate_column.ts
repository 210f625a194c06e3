import type { Column } from "./DataTable.tsx";
import type { Place } from "./links.ts";
import { personHref } from "./person_links.ts";

/** Whose a deal is; a name is null where ClientTether no longer lists the deal. */
interface OfCandidate {
  name: string | null;
  clientId: string | null;
}

/**
 * The column that names whose deal a row is and leads to the person.
 *
 * @param here the address of the list: the way back
 */
export function candidateColumn(
  workspace: Place,
  here: string,
  head = "Candidate",
): Column<OfCandidate> {
  return {
    kind: "text",
    head,
    value: ({ name }) => name,
    missing: "No longer in ClientTether",
    href: ({ clientId }) =>
      clientId === null ? undefined : personHref(workspace, clientId, here),
  };
}
