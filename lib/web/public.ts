import {
  type ActivityRow,
  type HotItem,
  type Note,
  type NoteRow,
  NotFoundError,
  type StreamName,
  type StreamResult,
  STREAMS,
  type SyncState,
} from "../domain/mod.ts";
import type { PublishedReport } from "../store/mod.ts";

// What leaves the server of each entity, field by field: a stored record is never sent as it is.

/** A row of the hot list. */
export function toPublicHotItem(item: HotItem) {
  const { id, candidateName, market, units, weightedIffCents } = item;
  const { stage, likelyPct } = item;
  return {
    id,
    candidateName,
    market,
    units,
    weightedIffCents,
    stage,
    likelyPct,
  };
}

/** A row of the notes; its content is cut at 2 KiB. */
export function toPublicNoteRow(row: NoteRow) {
  const { id, contactId, noteDate, author, content, truncated } = row;
  return { id, contactId, noteDate, author, content, truncated };
}

/** A whole note, without `raw`, which is for the agency alone. */
export function toPublicNote(note: Note) {
  const { id, contactId, noteDate, author, content, createdAt } = note;
  return { id, contactId, noteDate, author, content, createdAt };
}

/** A row of the schedule. */
export function toPublicActivity(row: ActivityRow) {
  const { id, scheduledAt, activityType, contactName, description, status } =
    row;
  return { id, scheduledAt, activityType, contactName, description, status };
}

/** A published report as its list shows it. */
export function toPublicReport(report: PublishedReport) {
  const { week, title, publishedAt, version } = report;
  return { week, title, publishedAt, version };
}

/** Each stream's latest result, in the order in which a sync asks for them. */
export function toPublicStreams(
  { streams }: SyncState,
): Partial<Record<StreamName, StreamResult>> {
  const result: Partial<Record<StreamName, StreamResult>> = {};
  for (const name of STREAMS) {
    const stream = streams[name];
    if (stream) result[name] = toPublicStream(stream);
  }
  return result;
}

function toPublicStream(stream: StreamResult): StreamResult {
  const { status, fetched, written, unchanged, removed, quarantined } = stream;
  const { lastSuccessAt, error } = stream;
  return {
    status,
    fetched,
    written,
    unchanged,
    removed,
    quarantined,
    lastSuccessAt,
    error,
  };
}

/**
 * The last part of an address, decoded whole; the router leaves an encoded slash as it is.
 *
 * @throws {NotFoundError} when it is not well-formed.
 */
export function lastSegment({ pathname }: URL): string {
  try {
    return decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1));
  } catch (cause) {
    throw new NotFoundError("Cannot read the address", { cause });
  }
}
