import {
  PROSPECT,
  type StageChange,
  type StandingChange,
} from "../domain/mod.ts";

/** A change as it is stored; the rows of earlier releases hold the names of two stages alone. */
export function standingChange(
  value: StandingChange | StageChange,
): StandingChange {
  if (!("opportunityId" in value)) return value;
  const { opportunityId: id, from, to, at, run } = value;
  const standing = (stage: string) => ({ stage, contactType: PROSPECT });
  return { id, from: standing(from), to: standing(to), since: null, at, run };
}
