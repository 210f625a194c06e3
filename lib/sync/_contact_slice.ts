import { idPart, type Quarantined, type StreamIndex } from "../store/mod.ts";
import { type Collected, Collector } from "./_collect.ts";
import type { HistoryReader } from "./_contact_history.ts";
import type { StreamPlan } from "./_plan.ts";
import type { RunContext } from "./_run.ts";
import { acceptRemovalsHint, GUARDED_SIZE, ODD_SHARE } from "./_stream.ts";

/** Rows in quarantine below which a slice is written whatever its share of odd ones. */
const FEW_ODD = 20;

/** What is stored of notes; kept in step with what is written. */
export interface StoredNotes {
  index: StreamIndex;
  /** By encoded id. */
  quarantine: Map<string, Quarantined>;
}

/** Notes that were known of some contacts, and those of them that are gone. */
export interface Tally {
  known: number;
  gone: number;
}

/** The notes of some contacts as they were read. Contacts and notes are named by encoded ids. */
export interface Slice {
  read: string[];
  failed: string[];
  /** Contacts whose lists say which of their notes are gone. */
  whole: Set<string>;
  collected: Collected;
  gone: string[];
  known: number;
}

/** Reads some contacts, until the reader may ask no more. Holds the notes of one contact and the ids of all. */
export async function readSlice(
  run: RunContext,
  plan: StreamPlan<"notes">,
  contacts: readonly string[],
  reader: HistoryReader,
  { index, quarantine }: StoredNotes,
): Promise<Slice> {
  const collector = new Collector(run, plan, index, quarantine);
  const read: string[] = [];
  const failed: string[] = [];
  const whole = new Set<string>();
  for (const contact of contacts) {
    if (!reader.open) break;
    const history = await reader.read(contact);
    (history ? read : failed).push(contact);
    if (history?.whole) whole.add(contact);
    await collector.add(history?.rows ?? []);
  }
  const collected = await collector.result(true, []);
  const gone: string[] = [];
  let known = 0;
  for (const contact of whole) {
    const stored = await run.writer.contactNotes.of(contact);
    known += stored.length;
    gone.push(
      ...stored.filter((part) => !collected.seen.has(part) && index.has(part)),
    );
  }
  return { read, failed, whole, collected, gone, known };
}

/**
 * Why a slice is not believed; null when it is. What is gone is judged by the slice alone and by the round so far:
 * where the contacts are few, every slice of an accident is small.
 */
export function objectionToSlice(
  run: RunContext,
  { collected: { odd, changed }, gone, known }: Slice,
  { index, quarantine }: StoredNotes,
  round: Tally,
): string | null {
  const aside = quarantine.size + countNew(odd.keys(), quarantine);
  const all = index.size + countNew(changed.keys(), index) + aside;
  if (odd.size > 0 && aside > FEW_ODD && aside > all * ODD_SHARE) {
    return tooManyOdd(aside, all, [...odd.values()][0]!);
  }
  if (run.acceptRemovals || gone.length === 0) return null;
  return objectionToRemovals(run, { known, gone: gone.length }) ??
    objectionToRemovals(run, {
      known: round.known + known,
      gone: round.gone + gone.length,
    });
}

function countNew(
  parts: Iterable<string>,
  known: { has(part: string): boolean },
): number {
  let count = 0;
  for (const part of parts) if (!known.has(part)) count++;
  return count;
}

/** Why it is not believed that so many notes are gone; null when it is. */
export function objectionToRemovals(
  run: RunContext,
  { known, gone }: Tally,
): string | null {
  const left = known - gone;
  if (known <= GUARDED_SIZE || left >= known / 2) return null;
  const came = left === 0 ? "none" : `only ${left}`;
  return `ClientTether sent ${came} of ${known} notes that were known; the data stays as it was. ` +
    acceptRemovalsHint(run);
}

/** Why the notes count as failed though they were read: more than 1% of them are in quarantine. */
export function objectionToQuarantine(
  { index, quarantine }: StoredNotes,
): string | null {
  const aside = quarantine.size;
  const all = index.size + aside;
  if (aside <= 1 || aside <= all * ODD_SHARE) return null;
  return tooManyOdd(aside, all, [...quarantine.values()][0]!);
}

function tooManyOdd(odd: number, all: number, { reason }: Quarantined): string {
  return `${odd} of ${all} notes could not be read, more than 1%. The first: ${reason}`;
}

/** Puts the odd notes of a slice into quarantine, and takes out what is good again or gone. */
export async function settleSlice(
  run: RunContext,
  { quarantine }: StoredNotes,
  { collected: { odd, seen }, whole }: Slice,
): Promise<void> {
  const put = [...odd.values()].filter((row) => {
    const before = quarantine.get(idPart(row.id));
    return before?.hash !== row.hash || before.contactId !== row.contactId;
  });
  const isOver = (part: string, { contactId }: Quarantined) =>
    !odd.has(part) &&
    (seen.has(part) ||
      (contactId !== undefined && whole.has(idPart(contactId))));
  const release = [...quarantine].filter(([part, row]) => isOver(part, row));
  await changeQuarantine(run, quarantine, put, release.map(([, row]) => row));
}

/** Changes the quarantine of notes, and what is known of it. */
export async function changeQuarantine(
  run: RunContext,
  quarantine: StoredNotes["quarantine"],
  put: Quarantined[],
  release: Quarantined[],
): Promise<void> {
  if (put.length + release.length === 0) return;
  await run.writer.changeQuarantine("notes", put, release.map(({ id }) => id));
  for (const row of put) quarantine.set(idPart(row.id), row);
  for (const { id } of release) quarantine.delete(idPart(id));
}
