/** One row of a dump: its key below the tenant as text, its value comparable by `toEqual`. */
export type Dump = Record<string, unknown>;

/** Fields that hold when a sync ran, which run it was, or how many tries it took. */
const OF_THE_RUN = new Set([
  "startedAt",
  "finishedAt",
  "lastSyncAt",
  "lastSuccessAt",
  "nextDueAt",
  "notesReadAt",
  "rawSweptDay",
  "rawKeptFrom",
  "computedAt",
  "fetchedAt",
  "firstSeenAt",
  "lastSeenAt",
  "removedAt",
  "expiresAt",
  "runId",
  "rewrittenBy",
  "run",
  "at",
  "since",
  "fence",
  "dataVersion",
]);
/** Counts that depend on what an earlier, interrupted run had done already. */
const COUNTS = new Set([
  "recordsUpdated",
  "written",
  "unchanged",
  "removed",
  "kvWrites",
]);
/** Keys whose last parts are a run's time and id. */
const RUN_KEYS = new Set([
  "sync_runs",
  "ct_raw_snapshots",
  "stage_changes",
  "lead_stage_changes",
  "arrivals",
]);
/** Rows that, with `stage_changes`, hold what was seen earlier. */
const PAST = new Set(["lead_stage_changes", "arrivals", "recent"]);
/** Fields that hold what was seen of a record earlier; with `stage_changes` they are left out. */
const HISTORY = new Set([
  "trail",
  "stays",
  "since",
  "sinceIs",
  "stageTimes",
  "medianStayDays",
]);
/** What else differs by kind of row: when the portal stored a record first, and the run's own id. */
const OF_THE_KIND: Record<string, readonly string[]> = {
  ct_notes: ["createdAt"],
  ct_scheduled_activities: ["createdAt"],
  sync_runs: ["id"],
  // Summed up by run, and in the order of runs; the rows behind it are compared.
  recent: ["runs", "newest"],
};

/** Every row of a tenant, as it is. */
export async function tenantRows(
  kv: Deno.Kv,
  tenantId: string,
): Promise<Deno.KvEntry<unknown>[]> {
  return await Array.fromAsync(
    kv.list({ prefix: ["t", tenantId] }, { batchSize: 1000 }),
  );
}

/** Every row of the database, for comparing before and after. */
export async function allRows(kv: Deno.Kv): Promise<Deno.KvEntry<unknown>[]> {
  return await Array.fromAsync(kv.list({ prefix: [] }, { batchSize: 1000 }));
}

/**
 * A tenant's data without what differs between two runs that did the same: ids and times of runs, the
 * lease's fence, and counts of what an interrupted run had done already.
 *
 * @param leaveOut first parts of keys that are not compared
 */
export async function dump(
  kv: Deno.Kv,
  tenantId: string,
  leaveOut: readonly string[] = [],
): Promise<Dump> {
  const rows: Dump = {};
  const noHistory = leaveOut.includes("stage_changes");
  for (const { key, value } of await tenantRows(kv, tenantId)) {
    const [, , kind, ...rest] = key;
    const name = String(kind);
    if (leaveOut.includes(name)) continue;
    if (noHistory && PAST.has(name)) continue;
    const parts = RUN_KEYS.has(name) ? withoutRun(name, rest) : rest;
    const at = [name, ...parts].map(String).join(" / ");
    rows[at] = comparable(
      value,
      (field) =>
        OF_THE_KIND[name]?.includes(field) ||
        (noHistory && HISTORY.has(field)),
    );
  }
  return rows;
}

/** The parts of a key that do not name a run. */
function withoutRun(name: string, parts: Deno.KvKeyPart[]): Deno.KvKeyPart[] {
  if (name.endsWith("stage_changes")) return parts.slice(1);
  return name === "arrivals" ? parts.toSpliced(1, 1) : [];
}

function comparable(
  value: unknown,
  leaveOut: (field: string) => boolean,
): unknown {
  if (value instanceof Uint8Array) return value.toHex();
  if (Array.isArray(value)) {
    return value.map((item) => comparable(item, leaveOut));
  }
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([name]) =>
    !OF_THE_RUN.has(name) && !COUNTS.has(name) &&
    !leaveOut(name)
  );
  return Object.fromEntries(
    fields.map(([name, field]) => [name, comparable(field, leaveOut)]),
  );
}

/** The keys whose rows differ between two dumps; "-" where the second lacks it, "+" where the first does. */
export function differences(a: Dump, b: Dump): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => {
    if (!(key in b)) return [`- ${key}`];
    if (!(key in a)) return [`+ ${key}`];
    const [one, other] = [a[key], b[key]].map((row) => JSON.stringify(row));
    return one === other ? [] : [`${key}: ${one} is not ${other}`];
  });
}
