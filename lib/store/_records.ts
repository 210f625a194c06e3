import type {
  Activity,
  ActivityRow,
  HotItem,
  Lead,
  LeadRow,
  Note,
  NoteRow,
  Opportunity,
  OpportunityRow,
  RecordOf,
  SalesCycle,
  StreamName,
  Trail,
} from "../domain/mod.ts";
import { nameOf, previewUtf8, stageSince } from "../domain/mod.ts";
import { createHash } from "node:crypto";
import { MAX_VALUE_BYTES } from "./_batch.ts";
import { splitBytes } from "./_doc.ts";
import { compact, estimateBytes } from "./_size.ts";
import type { Key, TenantKeys } from "./keys.ts";

/** Note texts up to this size stand in the record itself, larger ones in parts of their own. */
const NOTE_INLINE_BYTES = 40 * 1024;
/** Largest preview in an index row. */
export const PREVIEW_BYTES = 2 * 1024;

/** Where an opportunity stands in the hot list. */
export interface HotPlace {
  rank: number;
  item: HotItem;
}

/** A lead as stored: with its history. */
export interface StoredLead extends Lead {
  /** Absent where it was stored before histories were kept. */
  trail?: Trail;
}

/** An opportunity as stored: with its place in the hot list, so that the old row can be found, and its history. */
export interface StoredOpportunity extends Opportunity {
  hot: HotPlace | null;
  /** Absent where it was stored before histories were kept. */
  trail?: Trail;
}

/** A note as stored: a large text is replaced by the name of its parts. */
export interface StoredNote extends Omit<Note, "content" | "raw"> {
  content: string | null;
  raw: string;
  body: { version: string; parts: number } | null;
  preview: string | null;
  truncated: boolean;
}

/** What stands under the record's key of each stream. */
export interface StoredOf {
  cycles: SalesCycle;
  leads: StoredLead;
  opportunities: StoredOpportunity;
  notes: StoredNote;
  activities: Activity;
}

export interface Row {
  key: Key;
  value: unknown;
}

/** The record's row and every index row derived from it. */
export function rowsOf<S extends StreamName>(
  k: TenantKeys,
  stream: S,
  stored: StoredOf[S],
): Row[] {
  return ROWS[stream](k, stored);
}

const ROWS: {
  [S in StreamName]: (k: TenantKeys, stored: StoredOf[S]) => Row[];
} = {
  cycles: (k, cycle) => [{ key: k.cycle(cycle.id), value: cycle }],

  leads: (k, lead) => [
    { key: k.lead(lead.id), value: lead },
    {
      key: k.leadByCreated(lead.createdAt, lead.id),
      value: toLeadRow(lead),
    },
  ],

  opportunities: (k, opportunity) => {
    const { id, clientId, hot } = opportunity;
    const rows: Row[] = [{ key: k.opportunity(id), value: opportunity }];
    if (clientId !== null) {
      rows.push({
        key: k.opportunityByClient(clientId, id),
        value: {
          id,
          stage: opportunity.stage,
          dealSizeCents: opportunity.dealSizeCents,
          since: stageSince(opportunity.trail),
        } satisfies OpportunityRow,
      });
    }
    if (hot) rows.push({ key: k.hotListItem(hot.rank, id), value: hot.item });
    return rows;
  },

  notes: (k, note) => {
    const row = toNoteRow(note);
    const rows: Row[] = [
      { key: k.note(note.id), value: note },
      { key: k.noteByDate(note.noteDate, note.id), value: row },
    ];
    if (note.contactId !== null) {
      rows.push({
        key: k.noteByContact(note.contactId, note.noteDate, note.id),
        value: row,
      });
    }
    return rows;
  },

  activities: (k, activity) => {
    const { id, scheduledAt, contactId } = activity;
    const value = toActivityRow(activity);
    const rows: Row[] = [
      { key: k.activity(id), value: activity },
      { key: k.activityByDate(scheduledAt, id), value },
    ];
    if (contactId !== null) {
      rows.push({
        key: k.activityByContact(contactId, scheduledAt, id),
        value,
      });
    }
    return rows;
  },
};

/** Where the record of an already encoded id stands. */
export function recordKey(
  k: TenantKeys,
  stream: StreamName,
  part: string,
): Key {
  const prefix = {
    cycles: k.cycles(),
    leads: k.leads(),
    opportunities: k.opportunities(),
    notes: k.notes(),
    activities: k.activities(),
  }[stream];
  return [...prefix, part];
}

/** What is kept with a record that does not come from its raw record. */
export interface Kept {
  /** Of an opportunity. */
  hot: HotPlace | null;
  /** Of a lead or an opportunity. */
  trail: Trail | null;
}

/**
 * A normalized record in its stored form, with the rows that must be written before it
 * (the parts of a large note).
 */
export function toStored<S extends StreamName>(
  k: TenantKeys,
  stream: S,
  record: RecordOf[S],
  kept: Kept = { hot: null, trail: null },
): { stored: StoredOf[S]; before: Row[] } {
  return STORED[stream](k, compactTexts(record), kept);
}

/** Whether a record fits into one value of the database, with what is kept beside it. */
export function fitsValue(stored: object): boolean {
  // The current stay names the stage once more.
  const stage = "stage" in stored ? estimateBytes(stored.stage) : 0;
  return estimateBytes(stored) + stage + 1024 <= MAX_VALUE_BYTES;
}

/** The record with every text in the width that its size is estimated by. */
function compactTexts<R extends object>(record: R): R {
  const texts = { ...record } as Record<string, unknown>;
  for (const name in texts) {
    const value = texts[name];
    if (typeof value === "string") texts[name] = compact(value);
  }
  return texts as R;
}

/** The beginning of a text for an index row, and whether there is more of it. */
function previewOf(text: string | null) {
  if (text === null) return { text: null, truncated: false };
  const preview = previewUtf8(text, PREVIEW_BYTES);
  return { ...preview, text: compact(preview.text) };
}

const STORED: {
  [S in StreamName]: (
    k: TenantKeys,
    record: RecordOf[S],
    kept: Kept,
  ) => { stored: StoredOf[S]; before: Row[] };
} = {
  cycles: (_, stored) => ({ stored, before: [] }),
  leads: (_, record, { trail }) => ({
    stored: withTrail(record, trail),
    before: [],
  }),
  opportunities: (_, record, { hot, trail }) => ({
    stored: withTrail({ ...record, hot }, trail),
    before: [],
  }),
  notes: storedNote,
  activities: (_, stored) => ({ stored, before: [] }),
};

function withTrail<R extends object>(record: R, trail: Trail | null) {
  return trail ? { ...record, trail } : record;
}

function storedNote(
  k: TenantKeys,
  note: Note,
): { stored: StoredNote; before: Row[] } {
  const { text: preview, truncated } = previewOf(note.content);
  const size = estimateBytes(note.content) + estimateBytes(note.raw);
  if (size <= NOTE_INLINE_BYTES) {
    return { stored: { ...note, body: null, preview, truncated }, before: [] };
  }
  const bytes = new TextEncoder().encode(
    JSON.stringify({ content: note.content, raw: note.raw }),
  );
  const version = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const before = splitBytes(bytes).map((value, n) => ({
    key: k.noteBody(note.id, version, n),
    value,
  }));
  const body = { version, parts: before.length };
  return {
    stored: { ...note, content: null, raw: "", body, preview, truncated },
    before,
  };
}

export function toLeadRow(lead: Lead): LeadRow {
  return {
    id: lead.id,
    name: nameOf(lead),
    stage: lead.stage,
    source: lead.source,
    market: lead.market,
    contactType: lead.contactType,
    createdAt: lead.createdAt,
    updatedAt: lead.updatedAt,
    assignedTo: lead.assignedTo,
    dealSizeCents: lead.dealSizeCents,
  };
}

export function toNoteRow(note: StoredNote): NoteRow {
  return {
    id: note.id,
    contactId: note.contactId,
    noteDate: note.noteDate,
    author: note.author,
    content: note.preview,
    truncated: note.truncated,
  };
}

export function toActivityRow(activity: Activity): ActivityRow {
  return {
    id: activity.id,
    scheduledAt: activity.scheduledAt,
    activityType: activity.activityType,
    contactName: activity.contactName,
    contactId: activity.contactId,
    description: previewOf(activity.description).text,
    status: activity.status,
  };
}
