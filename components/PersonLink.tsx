import type { Place } from "./links.ts";
import { personHref } from "./person_links.ts";

export interface PersonLinkProps {
  /** Null: ClientTether does not say who it is, so that there is only the name. */
  id: string | null;
  name: string;
  workspace: Place;
  /** The address of the list that the link stands in. */
  list?: string;
}

/** A person's name that leads to the person. */
export function PersonLink({ id, name, workspace, list }: PersonLinkProps) {
  // A row that an earlier release wrote has none until a migration has reached it.
  if (!id) return <>{name}</>;
  return (
    <a
      class="link inline-block py-2 -my-2"
      href={personHref(workspace, id, list)}
      aria-current="false"
    >
      {name}
    </a>
  );
}
