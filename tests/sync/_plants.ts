/** Puts something wrong into the store. */
export interface Plant {
  /** First part of the keys of the row that is touched. */
  kind: string;
  flaw: (kv: Deno.Kv, row: Deno.KvEntry<unknown>) => Promise<unknown>;
  /** What the check says of it. */
  says: RegExp;
  /** Whether the tests' own checker looks for it too. */
  both?: boolean;
}

const INDEXES = [
  "leads_by_created",
  "opportunities_by_client",
  "hot_list_items",
  "ct_notes_by_date",
  "ct_notes_by_contact",
  "ct_scheduled_activities_by_date",
  "ct_scheduled_activities_by_contact",
];
/** First parts of the keys of records. */
export const RECORDS = [
  "sales_cycles",
  "leads",
  "opportunities",
  "ct_notes",
  "ct_scheduled_activities",
];

const missing = (kind: string, says: RegExp): Plant => ({
  kind,
  flaw: (kv, { key }) => kv.delete(key),
  says,
  both: true,
});

const changed = (
  kind: string,
  change: Record<string, unknown>,
  says: RegExp,
  both = false,
): Plant => ({
  kind,
  flaw: (kv, { key, value }) => kv.set(key, { ...value as object, ...change }),
  says,
  both,
});

const orphan = (kind: string, says: RegExp): Plant => ({
  kind,
  flaw: (kv, { key, value }) => kv.set(key.with(-1, "no such id"), value),
  says,
  both: true,
});

/** One flaw and more for each kind of row, for a brand as `synced()` of verify_test.ts leaves it. */
export const PLANTS: Plant[] = [
  ...INDEXES.flatMap((kind) => [
    missing(kind, RegExp(`^${kind} / .* is missing, though a record asks`)),
    orphan(kind, RegExp(`^${kind} / .*no such id: belongs to no record$`)),
  ]),
  ...RECORDS.flatMap((kind) => [
    missing(kind, /is in the sync index but not stored$/),
    orphan(kind, RegExp(`^${kind} / no such id: is not in the sync index$`)),
  ]),
  changed("leads_by_created", { stage: "Elsewhere" }, /does not hold/, true),
  changed("ct_notes_by_date", { author: "Someone" }, /does not hold/, true),
  changed("ct_notes_by_contact", { author: "Someone" }, /does not hold/, true),
  changed(
    "ct_scheduled_activities_by_date",
    { status: "Elsewhere" },
    /does not hold/,
    true,
  ),
  changed("hot_list_items", { stage: "Elsewhere" }, /does not hold/, true),
  changed("opportunities_by_client", { stage: "Elsewhere" }, /does not hold/),
  changed("leads", { id: "another" }, /^leads \/ .*: is no record of this id$/),
  changed("leads", { stage: "Elsewhere" }, /leads_by_created.*does not hold/),
  changed(
    "opportunities",
    { dealSizeCents: 7, clientId: null },
    /^pipeline_stage_counts \/ 2026-03-11: /,
  ),
  {
    kind: "opportunities",
    flaw: (kv, { key, value }) =>
      kv.set(key, { ...value as object, stage: "Deal Structure", hot: null }),
    says: /^opportunities \/ .*: its place in the hot list is not/,
  },
  changed("leads", { trail: null }, /^leads \/ .*: has no history$/),
  changed(
    "opportunities",
    { trail: { at: "2026", stays: [{ stage: "Elsewhere" }] } },
    /is not in the stage that its history ends with$/,
  ),
  changed("stage_changes", { at: "2026" }, /: is of another time$/),
  {
    kind: "stage_changes",
    flaw: (kv, { key, value }) => {
      const at = "2027-01-01T00:00:00.000Z";
      return kv.set(key.with(-2, at), { ...value as object, at });
    },
    says: /: has not the history that its changes tell$/,
  },
  missing("ct_note_bodies", /^ct_note_bodies \/ large \/ .*is not what its/),
  {
    kind: "ct_note_bodies",
    flaw: (kv, { key, value }) => kv.set(key, flipped(value)),
    says: /^ct_note_bodies \/ large \/ .*: is not what its note names$/,
  },
  {
    kind: "ct_note_bodies",
    flaw: (kv, { key, value }) => kv.set(key.with(3, "nobody"), value),
    says: /^ct_note_bodies \/ nobody \/ .*: belongs to no note$/,
    both: true,
  },
  missing("sync_index", /: is not in the sync index$/),
  {
    kind: "sync_index",
    flaw: (kv, { key, value }) =>
      kv.set(key, (value as Uint8Array).subarray(0, 9)),
    says: /sync.index/,
  },
  {
    kind: "tombstones",
    flaw: (kv, { key, value }) => kv.set(key.with(-1, "large"), value),
    says: /^ct_notes \/ large: is stored beside its tombstone$/,
  },
  missing("ct_raw_chunks", /^ct_raw_chunks \/ .*: is missing, though named by/),
  {
    kind: "ct_raw_chunks",
    flaw: (kv, { key, value }) =>
      kv.set(key, (value as Uint8Array).subarray(0, 20)),
    says: /^ct_raw_chunks \/ .*: is not whole, though named by/,
  },
  {
    kind: "ct_raw_chunks",
    flaw: (kv, { key, value }) => kv.set(key, flipped(value)),
    says: /^ct_raw_chunks \/ .*: cannot be unpacked, though named by/,
  },
  {
    kind: "ct_raw_snapshots",
    flaw: (kv, { key, value }) => {
      const manifest = structuredClone(value) as {
        streams: { leads: { count: number } };
      };
      manifest.streams.leads.count++;
      return kv.set(key, manifest);
    },
    says: /^ct_raw_snapshots \/ .*: its sums of leads are not those/,
  },
  {
    kind: "sync_state",
    flaw: (kv, { key, value }) => {
      const state = structuredClone(value) as { counts: { leads: number } };
      state.counts.leads++;
      return kv.set(key, state);
    },
    says: /^sync_state: counts 121 leads, 120 are stored$/,
    both: true,
  },
  changed("sync_state", { prospects: 1 }, /^sync_state: counts 1 prospects/),
  {
    kind: "quarantine",
    flaw: (kv, { key, value }) =>
      kv.set(key, { ...value as object, raw: new Uint8Array([1, 2, 3]) }),
    says: /^quarantine \/ cycles \/ odd: cannot be read$/,
  },
  {
    kind: "quarantine",
    flaw: (kv, { key, value }) => kv.set(key.with(-1, "even"), value),
    says: /^quarantine \/ cycles \/ even: is a row of another id$/,
  },
  changed(
    "lead_metrics",
    { totalLeads: 4711 },
    /^lead_metrics \/ 2026-03-11: totalLeads is 4711, the records give \d+$/,
  ),
  changed(
    "pipeline_stage_counts",
    { stages: [] },
    /^pipeline_stage_counts \/ 2026-03-11: stages is not what/,
  ),
  changed("kpis", { hotList: null }, /^kpis \/ .*: hotList is null, the/),
  { ...missing("kpis", /^kpis \/ 2026-03-11: is missing$/), both: false },
];

function flipped(value: unknown): Uint8Array {
  const bytes = new Uint8Array(value as Uint8Array);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = bytes[at]! ^ 0xff;
  return bytes;
}
