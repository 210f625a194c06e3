import type { StreamName } from "./records.ts";

/** How a stream ended in a run. `refused`: the key; `not_asked`: an earlier stream's key was refused. */
export type StreamStatus =
  | "success"
  | "failed"
  | "refused"
  | "not_asked"
  | "not_connected";

/** One stream of one run, and of the status endpoint. fetched = written + unchanged + quarantined. */
export interface StreamResult {
  status: StreamStatus;
  fetched: number;
  written: number;
  unchanged: number;
  removed: number;
  quarantined: number;
  /** ISO 8601 UTC of the last run in which this stream succeeded. */
  lastSuccessAt: string | null;
  /** A sentence for people, or null. */
  error: string | null;
}

/** Where a stream of a run that is under way stands. */
export interface StreamProgress {
  phase: "reading" | "writing" | "done";
  /** Read so far; where it writes, written so far. */
  records: number;
  /** Records that are to be written; only where it writes. */
  of?: number;
}

/** Streams that a run which is under way has begun. */
export type RunProgress = Partial<Record<StreamName, StreamProgress>>;

export type StreamResults = Partial<Record<StreamName, StreamResult>>;
export type RunStatus = "running" | "success" | "failed";

/** A run: a row of `sync_runs`, by id. */
export interface SyncRun {
  id: string;
  startedAt: string;
  finishedAt: string | null;
  status: RunStatus;
  recordsUpdated: number;
  errorMessage: string | null;
  streams: StreamResults;
}

/** Where a sync stands that somebody watches. */
export type RunStanding =
  /** Asked for, and not begun. */
  | { is: "waiting" }
  /** Neither begun nor asked for. */
  | { is: "none" }
  | { is: "running"; run: SyncRun; progress: RunProgress }
  /** It never came to its end: whoever ran it has died. The next one goes on. */
  | { is: "cut"; run: SyncRun }
  | { is: "over"; run: SyncRun };

/** What is counted of a run that has ended. */
export interface LastRun {
  /** Runs that failed one after the other, this one the last of them; one that was stopped or cut counts for nothing. */
  failuresInRow: number;
  recordsUpdated: number;
  /** Rows that it set and deleted, its lease included, renewals not. */
  kvWrites: number;
}

/** Row `sync_state` of a tenant: one small document for the banner and for the next run. */
export interface SyncState {
  /** Last run in which every connected stream succeeded. */
  lastSyncAt: string | null;
  /** The latest run. */
  runId: string | null;
  status: RunStatus | null;
  startedAt: string | null;
  finishedAt: string | null;
  errorMessage: string | null;
  streams: StreamResults;
  /** Grows by one with every run that changed anything shown. */
  dataVersion: number;
  /** Day of the newest view documents, null before the first. */
  viewDay: string | null;
  /** Day of the oldest view documents, null before the first; missing in what an earlier release has left. */
  firstViewDay?: string | null;
  /** Stored records per stream. */
  counts: Partial<Record<StreamName, number>>;
  /** Stored leads that are prospects: what the list of leads shows. */
  prospects: number;
  /** What the latest run that ended left behind; missing before the first, and from earlier releases. */
  lastRun?: LastRun;
  /** When the next scheduled sync is expected, ISO 8601 UTC; null before the first. */
  nextDueAt: string | null;
  /** What the next run has to know; nothing that a page shows. */
  cursor: SyncCursor;
}

/** Where the streams of a tenant stand. Days are YYYY-MM-DD in the tenant's zone. */
export interface SyncCursor {
  /** The normalization rules by which the stored records were made. */
  rulesKey: string | null;
  /** The settings by which the figures were computed; null when they must be computed anew. */
  figuresKey: string | null;
  /** Per stream, the day of its latest raw baseline. */
  baselineDay: Partial<Record<StreamName, string>>;
  /** Start of the latest successful notes run, ISO 8601 UTC; `since` is this less 48 h. */
  notesReadAt: string | null;
  /** Day of the latest full pass of the notes. */
  notesFullDay: string | null;
  /** Day on which the activities were last found not connected. */
  activitiesAskedDay: string | null;
  /** Monday of the latest week whose report was frozen, or had nothing to freeze; missing before the first. */
  reportWeek?: string | null;
  /** Null or missing where ClientTether offers a list of all notes. */
  notesByContact?: NotesByContact | null;
  /** Day on which raw was last swept to its end. */
  rawSweptDay?: string | null;
  /** Raw that was fetched before may have been dropped, ISO 8601 UTC; null or missing where all of it is kept. */
  rawKeptFrom?: string | null;
  /**
   * The latest replay that wrote records: their content hashes may be the ones that they had before. Null or missing
   * where there was none.
   */
  rewrittenBy?: string | null;
  /** How the stored text of many notes stands; missing where that is not known, or none is stored. */
  notesText?: NotesTextState | undefined;
}

/** How the stored text of many notes stands in the data of a version. */
export interface NotesTextState {
  dataVersion: number;
  /** At most so many notes have changed since it was stored. */
  behind: number;
  /** In so many pieces. */
  shelves: number;
}

/** Where the reading of notes stands that has to go contact by contact. Contacts are encoded ids of leads. */
export interface NotesByContact {
  /** Day on which ClientTether last said that it has no list of all notes. */
  listAskedDay: string;
  /** In the order of their ids all contacts up to this one were read in this round; null at its start. */
  turn: string | null;
  /** To be read out of turn: a run that should have read them could not. */
  pending: string[];
  /** Notes that were known of the contacts of this round when they were read, and those of them that were gone. */
  known: number;
  gone: number;
  /** A round is over: what is stored of contacts that are no longer leads is still to be removed. */
  sweepDue: boolean;
}

/** The state of a tenant that was never synced. */
export function emptySyncState(): SyncState {
  return {
    lastSyncAt: null,
    runId: null,
    status: null,
    startedAt: null,
    finishedAt: null,
    errorMessage: null,
    streams: {},
    dataVersion: 0,
    viewDay: null,
    counts: {},
    prospects: 0,
    nextDueAt: null,
    cursor: {
      rulesKey: null,
      figuresKey: null,
      baselineDay: {},
      notesReadAt: null,
      notesFullDay: null,
      activitiesAskedDay: null,
      reportWeek: null,
      notesByContact: null,
      rawSweptDay: null,
      rawKeptFrom: null,
    },
  };
}

export type FreshnessLevel = "fresh" | "stale" | "late" | "critical" | "never";

/** What banner and status endpoint say of the age of the data (architecture.md, section 6). */
export interface Freshness {
  lastSyncAt: string | null;
  isStale: boolean;
  /** Whole seconds, null when there never was a sync. */
  ageSeconds: number | null;
  level: FreshnessLevel;
  /** The sentence of the banner, e.g. "Data is 3 hours old - sync may be delayed". */
  message: string;
}
