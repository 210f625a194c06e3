import { getLogger } from "@logtape/logtape";
import type { ApiError } from "../clienttether/mod.ts";
import {
  localDay,
  type NotesByContact,
  oneAhead,
  type StreamName,
  type StreamResult,
  type StreamStatus,
} from "../domain/mod.ts";
import {
  type HotFinder,
  type RawStream,
  rawStream,
  type StreamIndex,
} from "../store/mod.ts";
import { collect, type Collected, endpointOf } from "./_collect.ts";
import { changedRecords } from "./_changed_records.ts";
import { activitiesReadUntil, planStream, type StreamPlan } from "./_plan.ts";
import type { RunContext } from "./_run.ts";

const log = getLogger(["tetherboard", "sync"]);

/** How one stream ended, for the run and for the next one. */
export interface StreamOutcome {
  result: Omit<StreamResult, "lastSuccessAt">;
  raw: RawStream | null;
  /** Null when the stream was not asked for. */
  plan: StreamPlan | null;
  /** Records stored now; null when nothing was read. */
  stored: number | null;
  /** ClientTether has no such list. */
  missing?: boolean;
  /** Of leads: the encoded ids of those that were written. */
  changed?: EncodedIds;
  /** Of notes: where reading contact by contact stands; null where there is a list. */
  notesByContact?: NotesByContact | null;
  /** The run was told to stop on the way; what the outcome names is in place. */
  stopped?: boolean;
}

export type EncodedIds = Pick<ReadonlySet<string>, "has">;

/** Lists with more records than this are guarded against shrinking below half. */
export const GUARDED_SIZE = 20;
/** A stream with a greater share of rows in quarantine fails. */
export const ODD_SHARE = 0.01;
/** What an operator can do about a removal that was refused. */
export function acceptRemovalsHint({ tenant: { slug } }: RunContext): string {
  return `If that is right, run: portal sync --tenant ${slug} --accept-removals`;
}

export interface StreamSteps {
  /**
   * Called when the stream's raw records are stored, before the first of them is normalized into place.
   * `changesFollow`: something will be written or removed on their ground.
   */
  onRawStored(
    stream: StreamName,
    raw: RawStream,
    changesFollow: boolean,
  ): Promise<void>;
  /** Made once the records that it looks at are in place. */
  hotFinder(): Promise<HotFinder>;
  /** Leads that this run has written; null where it could not read the leads. */
  changedLeads(): EncodedIds | null;
}

/**
 * Steps 3 to 6 for one stream. An upstream failure is a result, not an exception: what is stored stays.
 */
export async function syncStream(
  run: RunContext,
  stream: StreamName,
  steps: StreamSteps,
): Promise<StreamOutcome> {
  const { writer } = run;
  run.onProgress({ stream, phase: "reading", records: 0 });
  const plan = planStream(run, stream);
  const index = await writer.readIndex(stream);
  const quarantine = await writer.readQuarantine(stream);
  const list = await collect(run, plan, index, quarantine);
  if (!list.ok) {
    const missing = list.error.kind === "not_found";
    const status = statusOf(stream, list.error);
    return { ...failed(plan, status, list.error), missing };
  }
  const collected = list.data;
  for (const warning of collected.warnings) {
    log.warn("{stream}: {warning}", { runId: run.runId, stream, warning });
  }
  const gone = await goneFrom(run, plan, index, collected);
  const objection = objectionTo(run, plan, index, collected, gone);
  const kept = rawStream(
    endpointOf(stream),
    plan.baseline ? "baseline" : "changes",
    collected.raw.chunks,
    objection ? [] : gone,
    plan.baseline && plan.removal.kind === "full" && collected.removalsSafe,
  );
  const { changed, odd, seen } = collected;
  const distinct = plan.baseline && seen.size === kept.count;
  const raw = distinct ? { ...kept, distinct } : kept;
  await steps.onRawStored(
    stream,
    raw,
    changed.size + odd.size + gone.length > 0,
  );
  if (objection) {
    return {
      ...failed(plan, "failed", { message: objection }, collected),
      raw,
    };
  }
  await write(run, stream, index, collected, gone, steps);
  await settleQuarantine(run, plan, quarantine, collected);
  return {
    result: {
      status: "success",
      fetched: collected.fetched,
      written: collected.changed.size,
      unchanged: collected.unchanged,
      removed: gone.length,
      quarantined: collected.odd.size,
      error: null,
    },
    raw,
    plan,
    stored: index.size,
    ...(stream === "leads" ? { changed } : {}),
  };
}

/** Encoded ids of stored records that the list no longer has, as far as the list may say so. */
async function goneFrom(
  run: RunContext,
  { removal }: StreamPlan,
  index: StreamIndex,
  { seen, removalsSafe }: Collected,
): Promise<string[]> {
  if (removal.kind === "none" || !removalsSafe) return [];
  const stored = removal.kind === "full"
    ? [...index.parts()]
    : await run.writer.activitiesBetween(removal.from, removal.to);
  return stored.filter((part) => !seen.has(part) && index.has(part));
}

/** Why a list that was read whole is not believed; null when it is. */
function objectionTo(
  run: RunContext,
  { stream, removal }: StreamPlan,
  index: StreamIndex,
  { fetched, odd, changed }: Collected,
  gone: string[],
): string | null {
  if (!index.hasRoomFor(changed.keys())) {
    return `ClientTether sent ${fetched} ${stream}, more than the portal can keep of one brand; the data stays as it was`;
  }
  if (odd.size > 1 && odd.size > fetched * ODD_SHARE) {
    return `${odd.size} of ${fetched} records could not be read, more than 1%; the data stays as it was. ` +
      `The first: ${[...odd.values()][0]!.reason}`;
  }
  if (run.acceptRemovals || gone.length === 0) return null;
  const had = removal.kind === "full" ? index.size : gone.length + fetched;
  const left = had - gone.length;
  const emptied = left === 0 &&
    (removal.kind === "full" ? had > 0 : had > GUARDED_SIZE);
  const halved = had > GUARDED_SIZE && left < had / 2;
  if (!emptied && !halved) return null;
  const came = fetched === 0 ? "an empty list" : `only ${fetched}`;
  return `ClientTether sent ${came} where ${had} ${stream} were known; the data stays as it was. ` +
    acceptRemovalsHint(run);
}

function statusOf(
  stream: StreamName,
  { kind }: Pick<ApiError, "kind">,
): StreamStatus {
  if (kind === "refused") return "refused";
  return kind === "not_found" && stream === "activities"
    ? "not_connected"
    : "failed";
}

function failed(
  plan: StreamPlan,
  status: StreamStatus,
  { message }: Pick<ApiError, "message">,
  collected?: Collected,
): StreamOutcome {
  return {
    result: {
      status,
      fetched: collected?.fetched ?? 0,
      written: 0,
      unchanged: collected?.unchanged ?? 0,
      removed: 0,
      quarantined: collected?.odd.size ?? 0,
      error: status === "not_connected"
        ? "ClientTether offers no list of scheduled activities for this account"
        : message,
    },
    raw: null,
    plan,
    stored: null,
  };
}

/** Puts the changed records of a stream in place, and removes those that are gone. */
export async function write(
  run: RunContext,
  stream: StreamName,
  index: StreamIndex,
  collected: Collected,
  gone: string[],
  steps: StreamSteps,
): Promise<void> {
  const { writer, runId, startedAt, onProgress } = run;
  if (collected.changed.size === 0 && gone.length === 0) return;
  const options = {
    runId,
    at: startedAt,
    lastSnapshotAt: run.before.streams[stream]?.lastSuccessAt ?? null,
    readUntil: stream === "activities" ? activitiesReadUntil(run) : null,
    ...(stream === "opportunities" ? { hotOf: await steps.hotFinder() } : {}),
  };
  const batches = changedRecords(run, writer, stream, collected);
  const progress = {
    stream,
    phase: "writing",
    of: collected.changed.size,
  } as const;
  let records = 0;
  for await (const upserts of oneAhead(batches)) {
    run.signal?.throwIfAborted();
    onProgress({ ...progress, records });
    await writer.apply(index, upserts, [], options);
    records += upserts.length;
  }
  if (gone.length > 0) await writer.apply(index, [], gone, options);
}

/** Puts new odd rows into quarantine and takes out those that are good again or gone. */
async function settleQuarantine(
  run: RunContext,
  { stream, removal, baseline }: StreamPlan,
  quarantine: Map<string, { id: string; hash: string; lastSeenAt: string }>,
  { odd, seen, removalsSafe }: Collected,
): Promise<void> {
  // When a row was last seen is written once a day, so that an hour without changes costs nothing for it.
  const seenOn = (lastSeenAt: string) =>
    localDay(Date.parse(lastSeenAt), run.tenant.timezone);
  const put = [...odd].filter(([part, row]) => {
    const before = quarantine.get(part);
    return before?.hash !== row.hash ||
      (baseline && seenOn(before.lastSeenAt) < run.day);
  }).map(([, row]) => row);
  const whole = removal.kind !== "none" && removalsSafe;
  const release = [...quarantine].filter(([part]) =>
    !odd.has(part) && (seen.has(part) || whole)
  ).map(([, row]) => row.id);
  if (put.length + release.length > 0) {
    await run.writer.changeQuarantine(stream, put, release);
  }
}
