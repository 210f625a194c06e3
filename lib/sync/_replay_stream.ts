import { createHash } from "node:crypto";
import {
  canonicalJson,
  contentHash,
  noteOfContact,
  parseRawLine,
  type RawRow,
  ROW_FLAGS,
} from "../clienttether/mod.ts";
import type { Activity, Note, RecordOf, StreamName } from "../domain/mod.ts";
import { hashText, type RecordForm } from "../store/mod.ts";
import {
  type FoldContext,
  type RawEntry,
  recordOf,
  StreamFold,
  type Told,
} from "./_fold.ts";

/** A record as raw and today's rules have it, beside what is stored. */
export interface Judged<S extends StreamName> {
  /** Encoded id. */
  part: string;
  /** Whether raw that is kept says so; otherwise the stored record speaks for itself. */
  covered: boolean;
  /** Null: nothing is stored. */
  stored: RecordForm | null;
  /** Whether the stored record has the same form. */
  same: boolean;
  /** Null: raw says that it is not in place. */
  right: Right<S> | null;
}

interface Right<S extends StreamName> {
  record: RecordOf[S];
  form: RecordForm;
  /** See `StreamIndex`; null where only the stored record is known. */
  hash: string | null;
}

/** What a stream is replayed with. */
export interface ReplayContext extends FoldContext {
  /** See `rulesKey`. */
  rules: string;
}

/**
 * Compares a stream as raw tells it with what is stored, record by record. Holds ids and short digests of what is
 * stored, one chunk of raw, and no records.
 *
 * @param entries what was put in place, oldest first
 */
export async function* judgeStream<S extends StreamName>(
  context: ReplayContext,
  stream: S,
  entries: readonly RawEntry<S>[],
): AsyncGenerator<Judged<S>> {
  const fold = new StreamFold(context, entries);
  const judge = new Judge(context, stream);
  const left = await judge.readStored();
  for await (const told of fold.records()) {
    yield await judge.told(told, left.get(told.part));
    left.delete(told.part);
  }
  // What the sync's index knows, but nothing is stored of, has been lost.
  const lost = [...(await context.stored.index(stream)).parts()].filter(
    (part) => fold.isOdd(part) && !fold.isGone(part) && !left.has(part),
  );
  const wanted = new Set(
    [...left.keys(), ...lost].filter((part) => !fold.isGone(part)),
  );
  for await (const told of fold.older(wanted)) {
    yield await judge.told(told, left.get(told.part));
    left.delete(told.part);
  }
  for (const part of left.keys()) {
    const stands = !fold.isGone(part) &&
      (fold.isOdd(part) || !fold.coversAll);
    yield stands ? await judge.uncovered(part) : await judge.superfluous(part);
  }
}

class Judge<S extends StreamName> {
  constructor(
    private readonly context: ReplayContext,
    private readonly stream: S,
  ) {}

  /** Encoded id -> digest of what is stored. */
  async readStored(): Promise<Map<string, string>> {
    const digests = new Map<string, string>();
    for await (const { part, form } of this.context.stored.forms(this.stream)) {
      digests.set(part, digestOf(form));
    }
    return digests;
  }

  async told(
    told: Told<S>,
    digest: string | undefined,
  ): Promise<Judged<S>> {
    const { part } = told;
    if (digest === digestOf(told.form)) {
      return {
        part,
        covered: true,
        stored: told.form,
        same: true,
        right: this.#right(told),
      };
    }
    const stored = await this.#stored(part);
    const again = withLostFlag(told.row, stored);
    const right = again
      ? recordOf(this.context, this.stream, again, "") ?? told
      : told;
    const same = digest === digestOf(right.form);
    return { part, covered: true, stored, same, right: this.#right(right) };
  }

  /** No raw is kept of it: a note or an activity has its own, any other record stands as it is. */
  async uncovered(part: string): Promise<Judged<S>> {
    const { context, stream } = this;
    const stored = (await this.#stored(part))!;
    const record = (await context.stored.record(stream, part))!;
    const told = recordOf(context, stream, ownRow(stream, record), "");
    const right = told?.part === part
      ? this.#right(told)
      : { record, form: stored, hash: null };
    const same = digestOf(right.form) === digestOf(stored);
    return { part, covered: false, stored, same, right };
  }

  async superfluous(part: string): Promise<Judged<S>> {
    const stored = await this.#stored(part);
    return { part, covered: true, stored, same: false, right: null };
  }

  #stored(part: string): Promise<RecordForm | null> {
    return this.context.stored.form(this.stream, part);
  }

  #right({ record, form, row }: Told<S>): Right<S> {
    const hash = hashText(contentHash(row.value, this.context.rules));
    return { record, form, hash };
  }
}

/**
 * A row whose bytes are no longer kept, with the flag that they were not valid: what is stored says so, and the
 * text has the sign that stands for them.
 */
function withLostFlag(row: RawRow, stored: RecordForm | null): RawRow | null {
  const remarks = stored?.remarks;
  const lost = row.rawBytes === null && row.raw.includes("\ufffd") &&
    !row.flags.includes("invalid_utf8") && Array.isArray(remarks) &&
    remarks.includes(ROW_FLAGS.invalid_utf8);
  return lost ? { ...row, flags: [...row.flags, "invalid_utf8"] } : null;
}

const NO_ROW: RawRow = {
  id: null,
  raw: "",
  rawBytes: null,
  value: {},
  flags: ["not_an_object"],
};

/** What ClientTether sent of a record, from the record itself; an empty row where it does not hold it. */
function ownRow<S extends StreamName>(
  stream: S,
  record: RecordOf[S],
): RawRow {
  if (stream !== "notes" && stream !== "activities") return NO_ROW;
  const { raw, contactId, remarks } = record as Note | Activity;
  const row = rowOf(stream, raw);
  const owned = stream === "notes" && contactId !== null
    ? noteOfContact(contactId, row)
    : row;
  // The text as it came: a line has no breaks.
  return withLostFlag({ ...owned, raw }, { remarks }) ?? { ...owned, raw };
}

function rowOf(stream: StreamName, raw: string): RawRow {
  try {
    return parseRawLine(stream, raw.replaceAll(/[\r\n]+/g, " "));
  } catch {
    return NO_ROW;
  }
}

/** Enough of a hash to tell records apart, short enough to hold one of each. */
function digestOf(form: RecordForm): string {
  return createHash("sha256").update(canonicalJson(form)).digest("base64")
    .slice(0, 16);
}
