import type { ApiError } from "../clienttether/mod.ts";
import type { StreamName, StreamResult, StreamStatus } from "../domain/mod.ts";
import {
  type HotFinder,
  type RawStream,
  rawStream,
  type StreamIndex,
} from "../store/mod.ts";
import {
  changedRecords,
  collect,
  type Collected,
  endpointOf,
} from "./_collect.ts";
import { planStream, type StreamPlan } from "./_plan.ts";
import type { RunContext } from "./_run.ts";

/** How one stream ended, for the run and for the next one. */
export interface StreamOutcome {
  result: Omit<StreamResult, "lastSuccessAt">;
  raw: RawStream | null;
  /** Null when the stream was not asked for. */
  plan: StreamPlan | null;
  /** Records stored now; null when nothing was read. */
  stored: number | null;
}

/** Lists with more records than this are guarded against shrinking below half. */
const GUARDED_SIZE = 20;
/** A stream with a greater share of rows in quarantine fails. */
const ODD_SHARE = 0.01;
/** Records normalized and written at a time. */
const WRITE_SIZE = 2_000;

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
  if (!list.ok) return failed(plan, statusOf(stream, list.error), list.error);
  const collected = list.data;
  const gone = await goneFrom(run, plan, index, collected);
  const objection = objectionTo(run, plan, index, collected, gone);
  const raw = rawStream(
    endpointOf(stream),
    plan.baseline ? "baseline" : "changes",
    collected.raw.chunks,
    objection ? [] : gone,
  );
  const { changed, odd } = collected;
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
  run.onProgress({ stream, phase: "writing", records: collected.fetched });
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
  { fetched, odd }: Collected,
  gone: string[],
): string | null {
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
    "If that is right, run: portal sync --tenant SLUG --accept-removals";
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

async function write(
  run: RunContext,
  stream: StreamName,
  index: StreamIndex,
  collected: Collected,
  gone: string[],
  steps: StreamSteps,
): Promise<void> {
  const { writer, runId, startedAt } = run;
  if (collected.changed.size === 0 && gone.length === 0) return;
  const options = {
    runId,
    at: startedAt,
    ...(stream === "opportunities" ? { hotOf: await steps.hotFinder() } : {}),
  };
  const batches = changedRecords(run, writer, stream, collected, WRITE_SIZE);
  for await (const upserts of batches) {
    run.signal?.throwIfAborted();
    await writer.apply(index, upserts, [], options);
  }
  if (gone.length > 0) await writer.apply(index, [], gone, options);
}

/** Puts new odd rows into quarantine and takes out those that are good again or gone. */
async function settleQuarantine(
  run: RunContext,
  { stream, removal }: StreamPlan,
  quarantine: Map<string, { id: string; hash: string }>,
  { odd, seen, removalsSafe }: Collected,
): Promise<void> {
  const put = [...odd].filter(([part, row]) =>
    quarantine.get(part)?.hash !== row.hash
  ).map(([, row]) => row);
  const whole = removal.kind !== "none" && removalsSafe;
  const release = [...quarantine].filter(([part]) =>
    !odd.has(part) && (seen.has(part) || whole)
  ).map(([, row]) => row.id);
  if (put.length + release.length > 0) {
    await run.writer.changeQuarantine(stream, put, release);
  }
}
