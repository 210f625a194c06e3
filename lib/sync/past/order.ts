import { idPart } from "../../store/mod.ts";

/** As rows stand in the database that have the same place but for their ids. */
export function byIdPart(a: { id: string }, b: { id: string }): number {
  return compareTexts(idPart(a.id), idPart(b.id));
}

/** As the database sorts texts. */
export function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
