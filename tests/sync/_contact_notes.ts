import { expect } from "@std/expect";
import type { Note, NotesByContact } from "../../lib/domain/mod.ts";
import type {
  BrandConfig,
  Fault,
} from "../../lib/clienttether/simulator/mod.ts";
import { HOUR } from "../_clock.ts";
import { tenantRows } from "../_dump.ts";
import {
  createRig,
  type RigOptions,
  type SyncRig,
  TEST_WEB_KEY,
} from "../_sync.ts";

/** The endpoint of one contact's notes. */
export const HISTORY = "read_client_history_notes";

/** A tenant whose account has no list of all notes. */
export function withoutList(
  brand: Partial<BrandConfig> = {},
  options: Omit<RigOptions, "brand"> = {},
): Promise<SyncRig> {
  return createRig({
    tenant: { id: "acme" },
    ...options,
    brand: { leads: 60, notes: 90, notesList: false, ...brand },
  });
}

export const brandOf = ({ simulator }: SyncRig) =>
  simulator.brand(TEST_WEB_KEY);

/** Some contact, by its place in the order of encoded ids. */
export function contactAt(rig: SyncRig, place: number): string {
  const ids = brandOf(rig).rows("leads").map((row) => String(row.client_id));
  return ids.sort().at(place)!;
}

/** The list of all notes is not there, or there again once the fault is taken away. */
export function takeListAway({ simulator }: SyncRig) {
  return simulator.faults.add({
    kind: "http_status",
    status: 404,
    endpoint: "notes",
  });
}

/** Spoils answers of the histories. */
export function spoil(
  { simulator }: SyncRig,
  fault: Extract<
    Fault,
    { kind: "http_status" | "none" | "result_code" | "key_revoked" }
  >,
) {
  return simulator.faults.add({ ...fault, endpoint: HISTORY });
}

/** An hour in which nothing happens upstream but what the test does. */
export function anHour({ clock }: SyncRig, hours = 1): void {
  clock.advance(hours * HOUR);
}

/** Requests for histories since the last look. */
export function historiesAsked({ simulator }: SyncRig): number {
  const count = simulator.requests.count({ endpoint: HISTORY });
  simulator.requests.reset();
  return count;
}

export async function turnOf(rig: SyncRig): Promise<NotesByContact | null> {
  const { cursor } = await (await rig.data()).syncState();
  return cursor.notesByContact ?? null;
}

/** What is stored of each note: id -> contact and content. */
export async function storedNotes(rig: SyncRig): Promise<Map<string, unknown>> {
  const data = await rig.data();
  const notes = new Map<string, unknown>();
  for (const { key } of await tenantRows(rig.kv, rig.tenant.id)) {
    if (key[2] !== "ct_notes") continue;
    const { id, contactId, content } = await data.getNote(
      String(key[3]),
    ) as Note;
    notes.set(id, { contactId, content });
  }
  return notes;
}

/** What ClientTether has of the contacts that are leads, in the same form. */
export function upstreamNotes(rig: SyncRig): Map<string, unknown> {
  const brand = brandOf(rig);
  const leads = new Set(
    brand.rows("leads").map((row) => String(row.client_id)),
  );
  const notes = brand.rows("notes").filter((row) =>
    leads.has(String(row.contact_id))
  );
  return new Map(notes.map(({ id, contact_id, content }) => [
    String(id),
    { contactId: String(contact_id), content: String(content).trim() || null },
  ]));
}

/** Every note is stored once, as it is upstream, and counted. */
export async function expectAllNotes(rig: SyncRig): Promise<void> {
  const stored = await storedNotes(rig);
  expect(byId(stored)).toEqual(byId(upstreamNotes(rig)));
  const { counts } = await (await rig.data()).syncState();
  expect(counts.notes).toBe(stored.size);
}

function byId(notes: Map<string, unknown>): [string, unknown][] {
  return [...notes].sort(([a], [b]) => a < b ? -1 : 1);
}
