import { ENDPOINTS, rawLine } from "../clienttether/mod.ts";
import type {
  NotesByContact,
  StreamResult,
  StreamStatus,
} from "../domain/mod.ts";
import {
  idPart,
  type RawChunk,
  type RawStream,
  rawStream,
  type StreamIndex,
} from "../store/mod.ts";
import { HistoryReader } from "./_contact_history.ts";
import {
  changeQuarantine,
  objectionToQuarantine,
  objectionToRemovals,
  objectionToSlice,
  readSlice,
  settleSlice,
  type Slice,
  type StoredNotes,
} from "./_contact_slice.ts";
import { ContactTurn } from "./_contact_turn.ts";
import type { StreamPlan } from "./_plan.ts";
import type { RunContext } from "./_run.ts";
import { type StreamOutcome, type StreamSteps, write } from "./_stream.ts";

/** Contacts that are read, kept and written before the next are asked for. */
const SLICE_SIZE = 100;
/** Where a run reads very many contacts its slices are larger, since its manifest names every slice's chunks. */
const MAX_SLICES = 200;
const PLAN: StreamPlan<"notes"> = {
  stream: "notes",
  params: {},
  removal: { kind: "none" },
  baseline: false,
};

/**
 * Steps 3 to 6 for the notes of an account without a list of all notes: the histories of the contacts whose lead
 * changed, and of a share of the others in turn. Works in slices, each of them fetched, kept as raw, and written;
 * what a slice has written stays, and the turn stands behind it, whatever becomes of the next.
 *
 * @param before where the last run left the turn
 */
export async function syncContactNotes(
  run: RunContext,
  steps: StreamSteps,
  before: NotesByContact,
): Promise<StreamOutcome> {
  const { writer } = run;
  const leads = await writer.readIndex("leads");
  const sync = new ContactNotesSync(run, steps, before, leads, {
    index: await writer.readIndex("notes"),
    quarantine: await writer.readQuarantine("notes"),
  });
  try {
    await sync.read();
    await sync.sweep();
    await sync.keepBaseline();
  } catch (error) {
    if (!run.signal?.aborted) throw error;
    return { ...sync.outcome("Stopped before its end"), stopped: true };
  }
  return sync.outcome();
}

class ContactNotesSync {
  readonly #turn: ContactTurn;
  readonly #reader: HistoryReader;
  #state: NotesByContact;
  #roundOver = false;
  /** Why what was read is not believed. */
  #objection: string | null = null;
  #fetched = 0;
  #written = 0;
  #unchanged = 0;
  #quarantined = 0;
  /** What is in place of this run. */
  #chunks: RawChunk[] = [];
  #removed: string[] = [];
  #baseline: RawChunk[] | null = null;

  constructor(
    private readonly run: RunContext,
    private readonly steps: StreamSteps,
    before: NotesByContact,
    private readonly leads: StreamIndex,
    private readonly stored: StoredNotes,
  ) {
    const changed = steps.changedLeads() ?? new Set();
    this.#state = before;
    this.#turn = new ContactTurn(leads.parts(), before, {
      changed,
      all: run.full,
    });
    this.#reader = new HistoryReader(run, leads);
  }

  /** Reads the contacts of this run, slice by slice. */
  async read(): Promise<void> {
    const { order } = this.#turn;
    const size = Math.max(SLICE_SIZE, Math.ceil(order.length / MAX_SLICES));
    this.#noteRound();
    for (let at = 0; at < order.length && this.#goesOn; at += size) {
      await this.#slice(order.slice(at, at + size));
    }
  }

  get #goesOn(): boolean {
    return this.#objection === null && this.#reader.open;
  }

  async #slice(contacts: readonly string[]): Promise<void> {
    const { run, stored } = this;
    const { onProgress, acceptRemovals } = run;
    onProgress({ stream: "notes", phase: "reading", records: this.#fetched });
    const slice = await readSlice(run, PLAN, contacts, this.#reader, stored);
    this.#objection = objectionToSlice(run, slice, stored, this.#state);
    if (this.#objection) return;
    await this.#write(slice);
    for (const contact of slice.read) this.#turn.pass(contact, true);
    for (const contact of slice.failed) this.#turn.pass(contact, false);
    const { known, gone } = this.#state;
    this.#state = {
      ...this.#state,
      known: acceptRemovals ? 0 : known + slice.known,
      gone: acceptRemovals ? 0 : gone + slice.gone.length,
    };
    this.#noteRound();
  }

  #noteRound(): void {
    if (this.#roundOver || !this.#turn.roundOver) return;
    this.#roundOver = true;
    this.#state = { ...this.#state, known: 0, gone: 0, sweepDue: true };
  }

  /** A slice is written whole once it is begun: of a part of it raw would not say which. */
  async #write(slice: Slice): Promise<void> {
    const { run, steps, stored } = this;
    const { collected, gone } = slice;
    const { changed, odd, raw } = collected;
    run.signal?.throwIfAborted();
    const unstoppable = { ...run, signal: undefined };
    if (raw.chunks.length + gone.length > 0) await this.#keep(raw.chunks, gone);
    await write(unstoppable, "notes", stored.index, collected, gone, steps);
    await settleSlice(run, stored, slice);
    this.#fetched += collected.fetched;
    this.#written += changed.size;
    this.#unchanged += collected.unchanged;
    this.#quarantined += odd.size;
  }

  /** Names raw records and removals in the manifest, before they are put in place. */
  async #keep(chunks: RawChunk[], removed: string[]): Promise<void> {
    this.#chunks.push(...chunks);
    this.#removed.push(...removed);
    await this.steps.onRawStored("notes", this.#rawStream(), true);
  }

  /** After a round: removes the notes of contacts that are no longer leads. */
  async sweep(): Promise<void> {
    const { run, stored: { index, quarantine } } = this;
    const { writer } = run;
    const due = this.#state.sweepDue && this.#objection === null;
    // Only a list of leads that was read whole just now says who is no lead.
    if (!due || this.steps.changedLeads() === null) return;
    const odd = await writer.readQuarantine("leads");
    const isLead = (part: string) => this.leads.has(part) || odd.has(part);
    const gone = (await writer.contactNotes.ofOthers(isLead))
      .filter((part) => index.has(part));
    if (!run.acceptRemovals) {
      const tally = { known: index.size, gone: gone.length };
      this.#objection = objectionToRemovals(run, tally);
      if (this.#objection) return;
    }
    if (gone.length > 0) {
      await this.#keep([], gone);
      const { runId, startedAt: at } = run;
      await writer.apply(index, [], gone, { runId, at });
    }
    // A note that was set aside before the round and not seen in it is in no history.
    const over = [...quarantine.values()].filter(({ contactId }) =>
      contactId === undefined || !isLead(idPart(contactId))
    );
    await changeQuarantine(run, quarantine, [], over);
    this.#state = { ...this.#state, sweepDue: false };
  }

  /**
   * Once a day, and after a run that never came to its end, raw holds every note as it stands: no run reads all
   * of them, and the changes alone reach back without end.
   */
  async keepBaseline(): Promise<void> {
    const { run } = this;
    const fresh = run.before.cursor.baselineDay.notes === run.day;
    if ((fresh && !run.full) || this.#problem() !== null) return;
    const raw = run.writer.rawWriter();
    for await (const note of run.writer.contactNotes.raw()) {
      const { raw: text, contactId } = note;
      const owner = contactId === null ? {} : { contactId };
      await raw.add(rawLine({ raw: text, rawBytes: null, ...owner }), false);
      run.signal?.throwIfAborted();
    }
    this.#baseline = (await raw.close()).chunks;
  }

  #rawStream(): RawStream {
    const { path } = ENDPOINTS.contactNotes;
    // What the manifest has named in this run it names to the end: the sweep goes by that.
    return this.#baseline
      ? rawStream(
        path,
        "baseline",
        [...this.#chunks, ...this.#baseline],
        [],
        true,
      )
      : rawStream(path, "changes", this.#chunks, this.#removed);
  }

  #problem(): { status: StreamStatus; error: string } | null {
    const { error, failures } = this.#reader;
    if (this.#objection !== null) {
      return { status: "failed", error: this.#objection };
    }
    if (error?.kind === "refused") {
      return { status: "refused", error: error.message };
    }
    if (error) {
      const contacts = failures === 1 ? "one contact" : `${failures} contacts`;
      const unread = `the notes of ${contacts} were not read`;
      return { status: "failed", error: `${error.message}; ${unread}` };
    }
    const odd = objectionToQuarantine(this.stored);
    return odd === null ? null : { status: "failed", error: odd };
  }

  /** How the stream ended; `stopped` says that it was stopped, and why. */
  outcome(stopped: string | null = null): StreamOutcome {
    const problem = stopped === null
      ? this.#problem()
      : { status: "failed" as const, error: stopped };
    const result: Omit<StreamResult, "lastSuccessAt"> = {
      status: problem?.status ?? "success",
      fetched: this.#fetched,
      written: this.#written,
      unchanged: this.#unchanged,
      removed: this.#removed.length,
      quarantined: this.#quarantined,
      error: problem?.error ?? null,
    };
    return {
      result,
      raw: { ...this.#rawStream(), applied: true },
      plan: { ...PLAN, baseline: this.#baseline !== null },
      stored: this.stored.index.size,
      notesByContact: { ...this.#state, ...this.#turn.position() },
    };
  }
}
