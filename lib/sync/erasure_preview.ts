import type { Lead } from "../domain/mod.ts";
import {
  findErasure,
  idPart,
  listQuarantine,
  personHash,
  PersonRows,
  type Store,
} from "../store/mod.ts";
import { isAbout, isViewAbout, rowCounts } from "./_about_person.ts";
import {
  certificateOf,
  type ErasureCertificate,
} from "./_erasure_certificate.ts";

/** What a tenant holds of a person, for whoever has to decide whether it goes. */
export interface ErasurePreview {
  /** Null where no lead of this id is stored, or not any more. */
  lead: Lead | null;
  /** Rows that would go, by kind; raw records are not among them, since finding them takes as long as removing them. */
  counts: Record<string, number>;
  /** When an erasure was begun that has not come to its end, ISO 8601 UTC; else null. */
  begunAt: string | null;
  /** Whether later syncs leave the person out. */
  keptOut: boolean;
}

/**
 * Looks up what {@linkcode erasePerson} would remove; changes nothing and waits for nobody.
 *
 * @param personId the lead's id at ClientTether
 * @throws {TransientError} when the database does not answer.
 */
export async function previewErasure(
  store: Store,
  tenantId: string,
  personId: string,
): Promise<ErasurePreview> {
  const part = idPart(personId);
  const rows = PersonRows.read(store, tenantId, personHash(tenantId, personId));
  const [lead, stored, marker, keptOut] = await Promise.all([
    rows.lead(part),
    rows.storedOf(part),
    rows.marker(),
    rows.isKeptOut(),
  ]);
  const ids = { ...stored, leads: [part] };
  const traces = await rows.tracesOf(ids);
  let quarantine = 0;
  for await (const row of listQuarantine(store, tenantId)) {
    if (isAbout(personId, row)) quarantine++;
  }
  const views = lead === null
    ? []
    : (await rows.savedViews()).filter((view) => isViewAbout([lead], view));
  return {
    lead,
    counts: rowCounts(stored, { ...traces, views, quarantine }),
    begunAt: marker?.startedAt ?? null,
    keptOut,
  };
}

/** The certificate of an erasure by the hash that it names the person with; null where there is none. */
export async function findErasureCertificate(
  store: Store,
  tenantId: string,
  personHash: string,
): Promise<ErasureCertificate | null> {
  const entry = await findErasure(store, tenantId, personHash);
  return entry && certificateOf(entry);
}
