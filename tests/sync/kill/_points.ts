/** What a commit of a sync does, as its keys show it. */
export const COMMITS = [
  /** The lease is taken, or renewed. */
  "lease",
  /** The run exists as `running`. */
  "start",
  /** Parts of a raw chunk. */
  "raw",
  "manifest",
  /** Parts of a large note. */
  "bodies",
  /** A batch of records with its rows and buckets. */
  "records",
  /** Figures, state and run switch, and the lease is given back. */
  "last",
  "other",
] as const;
export type CommitKind = typeof COMMITS[number];

/** A named point of a sync, or the nth operation of the database, whichever it is. */
export interface Point {
  kind: CommitKind | "fetch" | "operation";
  /** Counts from 1. */
  n: number;
  when: "before" | "after";
}

/** How often a whole sync passes by points of each kind. */
export type PointCounts = Partial<Record<Point["kind"], number>>;

/** What the commit that writes these keys does. */
export function commitKindOf(keys: readonly Deno.KvKey[]): CommitKind {
  const rows = new Set(keys.map((key) => key[2]));
  if (rows.has("sync_lease")) return rows.has("sync_state") ? "last" : "lease";
  if (rows.has("sync_state")) return "start";
  if (rows.has("sync_index")) return "records";
  if (rows.has("ct_raw_chunks")) return "raw";
  if (rows.has("ct_raw_snapshots")) return "manifest";
  return rows.has("ct_note_bodies") ? "bodies" : "other";
}

/** Kinds whose every commit is stopped before as well: what stands between two of others is reads alone. */
const BEFORE_TOO: readonly CommitKind[] = ["records", "last"];

/** Every named point that a sync with these counts passes by. */
export function namedPoints(counts: PointCounts): Point[] {
  const after = [...COMMITS, "fetch" as const].flatMap((kind) =>
    upTo(counts[kind]).map((n): Point => ({ kind, n, when: "after" }))
  );
  const before = BEFORE_TOO.flatMap((kind) =>
    upTo(counts[kind]).map((n): Point => ({ kind, n, when: "before" }))
  );
  return [...after, ...before];
}

function upTo(count = 0): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

export function textOf({ kind, n, when }: Point): string {
  return `${when} ${kind} ${n}`;
}
