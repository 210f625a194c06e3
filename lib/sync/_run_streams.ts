import { type StreamName, type StreamResult, STREAMS } from "../domain/mod.ts";
import { LeaseLostError, type RawManifest } from "../store/mod.ts";
import { createHotFinder } from "./_figures.ts";
import { syncNotes } from "./_notes.ts";
import type { RunContext } from "./_run.ts";
import { SliceEndedError } from "./_slice.ts";
import { type StreamOutcome, type StreamSteps, syncStream } from "./_stream.ts";
import type { SyncObserver } from "./sync_deps.ts";

/** The streams of one run, read one after the other. */
export class RunStreams {
  /** What has come of those that were read so far. */
  readonly outcomes = new Map<StreamName, StreamOutcome>();
  /** What is kept of raw so far. */
  readonly manifest: RawManifest;

  constructor(
    private readonly run: RunContext,
    private readonly observer: SyncObserver | undefined,
  ) {
    this.manifest = {
      runId: run.runId,
      fetchedAt: run.startedAt,
      day: run.day,
      finished: false,
      streams: {},
    };
  }

  /** The sentence that says why the run stopped before its end, or null. */
  async read(): Promise<string | null> {
    let refused = false;
    for (const stream of STREAMS) {
      try {
        const outcome = await this.#observed(stream, refused);
        this.#keep(stream, outcome);
        if (outcome.stopped) this.run.signal?.throwIfAborted();
      } catch (error) {
        return stopOf(error, this.run.signal);
      }
      refused ||= this.outcomes.get(stream)?.result.status === "refused";
    }
    return null;
  }

  #keep(stream: StreamName, outcome: StreamOutcome): void {
    this.outcomes.set(stream, outcome);
    const { raw, result: { fetched: records, status } } = outcome;
    this.run.onProgress({ stream, phase: "done", records });
    if (!raw) return;
    const applied = raw.applied || status === "success";
    this.manifest.streams[stream] = { ...raw, applied };
  }

  #observed(stream: StreamName, refused: boolean): Promise<StreamOutcome> {
    const work = () => this.#stream(stream, refused);
    return this.observer
      ? this.observer.stream(this.run.tenant.slug, stream, work)
      : work();
  }

  #stream(stream: StreamName, refused: boolean): Promise<StreamOutcome> {
    if (refused) return Promise.resolve(notAsked("not_asked"));
    const { before, day, full } = this.run;
    const waits = stream === "activities" && !full &&
      before.streams.activities?.status === "not_connected" &&
      before.cursor.activitiesAskedDay === day;
    if (waits) return Promise.resolve(notAsked("not_connected"));
    const steps: StreamSteps = {
      onRawStored: async (name, raw, changesFollow) => {
        this.manifest.streams[name] = raw;
        // Where nothing follows from it, the last commit of the run is early enough.
        if (changesFollow) await this.run.writer.putManifest(this.manifest);
      },
      hotFinder: () => createHotFinder(this.run.writer, this.run.tenant),
      changedLeads: () => this.outcomes.get("leads")?.changed ?? null,
    };
    return stream === "notes"
      ? syncNotes(this.run, steps)
      : syncStream(this.run, stream, steps);
  }
}

/** Why the run stopped, where it was told to; what else went wrong is thrown on, and so is a lost lease. */
function stopOf(error: unknown, signal: AbortSignal | undefined): string {
  if (error instanceof LeaseLostError) throw error;
  if (!signal?.aborted) throw error;
  const { reason } = signal;
  if (reason instanceof LeaseLostError) throw reason;
  return reason instanceof SliceEndedError
    ? reason.message
    : "The sync was stopped before its end; the next one goes on";
}

function notAsked(status: "not_asked" | "not_connected"): StreamOutcome {
  const result: Omit<StreamResult, "lastSuccessAt"> = {
    status,
    fetched: 0,
    written: 0,
    unchanged: 0,
    removed: 0,
    quarantined: 0,
    error: status === "not_asked"
      ? "Not asked, since ClientTether refused the key"
      : "ClientTether offers no list of scheduled activities for this account",
  };
  return { result, raw: null, plan: null, stored: null };
}
