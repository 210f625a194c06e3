import { gunzipSync } from "node:zlib";
import type {
  ActivityRow,
  HotItem,
  LeadRow,
  NoteRow,
  StreamName,
  SyncState,
} from "../../../lib/domain/mod.ts";
import type { DayViews, Quarantined } from "../../../lib/store/mod.ts";
import { tenantRows } from "../../_dump.ts";
import type { SyncRig } from "../../_sync.ts";

/** What pages and endpoints are made from. */
export interface Served {
  state: SyncState;
  /** Of the newest day. */
  views: DayViews;
  leads: LeadRow[];
  notes: NoteRow[];
  hotList: HotItem[];
  schedule: ActivityRow[];
}

export type QuarantineRow = Quarantined;

/** Key below the tenant as text -> value. */
export type StreamRows = Record<string, unknown>;

/** The rows that a stream alone writes. */
const KINDS: Record<StreamName, readonly string[]> = {
  cycles: ["sales_cycles"],
  leads: ["leads", "leads_by_created"],
  opportunities: ["opportunities", "opportunities_by_client"],
  notes: [
    "ct_notes",
    "ct_notes_by_date",
    "ct_notes_by_contact",
    "ct_note_bodies",
  ],
  activities: [
    "ct_scheduled_activities",
    "ct_scheduled_activities_by_date",
    "ct_scheduled_activities_by_contact",
  ],
};
/** The rows that name their stream in the key. */
const NAMED = ["sync_index", "quarantine", "tombstones"];

/** Reads what a page would, through the tenant's own handle. */
export async function servedBy(rig: SyncRig, now: number): Promise<Served> {
  const store = await rig.data();
  const state = await store.syncState();
  const { leads, pipeline, kpis } = await store.views(state.viewDay ?? "");
  if (!leads || !pipeline || !kpis) {
    throw new Error("Cannot tell what is shown: there are no figures");
  }
  const limit = 200;
  return {
    state,
    views: { leads, pipeline, kpis },
    leads: (await store.listLeads({ limit })).rows,
    notes: (await store.listNotes({ limit })).rows,
    hotList: (await store.listHotList({ limit, offset: 0 })).rows,
    schedule: (await store.listSchedule({ now, limit })).rows,
  };
}

/** A reader of the rows that each stream has now, with their versions: a row written again counts as another. */
export async function rowsOfStream(
  { kv, tenant }: SyncRig,
): Promise<(stream: StreamName) => StreamRows> {
  const all = await tenantRows(kv, tenant.id);
  return (stream) => {
    const rows: StreamRows = {};
    for (const { key, value, versionstamp } of all) {
      const [, , kind, name] = key;
      const own = KINDS[stream].includes(String(kind)) ||
        (NAMED.includes(String(kind)) && name === stream);
      if (!own) continue;
      // A lead or stage that changed moves an opportunity in the hot list.
      const { hot: _, ...record } = Object(value);
      rows[key.slice(2).map(String).join(" / ")] = kind === "opportunities"
        ? record
        : versionstamp;
    }
    return rows;
  };
}

/** The rows in quarantine, their raw text unpacked. */
export async function quarantineOf(
  { kv, tenant }: SyncRig,
): Promise<QuarantineRow[]> {
  const rows = await tenantRows(kv, tenant.id);
  return rows.filter(({ key }) => key[2] === "quarantine").map(({ value }) => {
    const row = value as Omit<Quarantined, "raw"> & { raw: unknown };
    const { raw } = row;
    if (!(raw instanceof Uint8Array)) return { ...row, raw: String(raw) };
    return { ...row, raw: new TextDecoder().decode(gunzipSync(raw)) };
  });
}

/** A view without when it was computed. */
export function withoutTime<V extends { computedAt: string; day: string }>(
  view: V,
): Omit<V, "computedAt" | "day"> {
  const { computedAt: _at, day: _day, ...rest } = view;
  return rest;
}
