import {
  parseRawLine,
  personOf,
  rawLine,
  type RawRow,
} from "../clienttether/mod.ts";
import {
  type KnownPerson,
  namesPerson,
  seeksPerson,
  type StreamName,
} from "../domain/mod.ts";
import type { Quarantined, SavedView } from "../store/mod.ts";

/** The row of a raw line; null where its text is damaged, or only its beginning is kept. */
export function rowOf(stream: StreamName, line: string): RawRow | null {
  try {
    return parseRawLine(stream, line);
  } catch {
    return null;
  }
}

/** What there is about a person besides the records. */
interface Traces {
  tombstones: readonly unknown[];
  stageChanges: readonly unknown[];
  /** Saved views that name the person. */
  views: readonly unknown[];
  /** How many records are in quarantine. */
  quarantine: number;
}

/** How many rows there are about a person, by kind: what an erasure removes, and what a preview of it says. */
export function rowCounts(
  stored: Readonly<Record<StreamName, readonly string[]>>,
  { tombstones, stageChanges, views, quarantine }: Traces,
): Record<string, number> {
  return {
    leads: stored.leads.length,
    opportunities: stored.opportunities.length,
    notes: stored.notes.length,
    activities: stored.activities.length,
    quarantine,
    tombstones: tombstones.length,
    stage_changes: stageChanges.length,
    saved_views: views.length,
  };
}

/** Whether a record in quarantine is about this person, as far as its text can be read. */
export function isAbout(personId: string, row: Quarantined): boolean {
  const { stream, contactId } = row;
  if (contactId === personId) return true;
  const line = contactId === undefined
    ? row.raw
    : rawLine({ raw: row.raw, rawBytes: null, contactId });
  const read = rowOf(stream, line);
  return read !== null && personOf(stream, read) === personId;
}

/** Whether a saved view names one of these, all of them the same person, or searches for them. */
export function isViewAbout(
  people: readonly KnownPerson[],
  { name, query }: Pick<SavedView, "name" | "query">,
): boolean {
  const search = new URLSearchParams(query).get("search") ?? "";
  return people.some((person) =>
    namesPerson(name, person) || seeksPerson(search, person)
  );
}
