import { UNDATED } from "./cells.ts";

/** Bits of a note's number; more notes than this gives numbers to are not ordered. */
const NUMBER_BITS = 20;
export const MAX_NOTES = 2 ** NUMBER_BITS;
/** Times are told apart from here on for 557 years; earlier and later ones are compared one by one. */
const EARLIEST = Date.UTC(1700, 0);
const MOST = 2 ** 44 - 1;
/** What of a time stands in the low half of its key. */
const LOW = 2 ** (32 - NUMBER_BITS);

/**
 * Notes from the newest to the oldest, those without a date last. A note is a key of 64 bits, its time above its number,
 * so that the machine's own sort does most of it.
 *
 * @param numbers of the notes
 * @param times of all notes by their numbers, epoch milliseconds or `UNDATED`
 * @param isBefore whether the first of two notes of one time stands before the other
 */
export function newestFirst(
  numbers: Uint32Array,
  times: Float64Array,
  isBefore: (a: number, b: number) => boolean,
): Uint32Array {
  const size = numbers.length;
  const keys = new BigUint64Array(size);
  const halves = new Uint32Array(keys.buffer);
  for (let at = 0; at < size; at++) {
    const n = numbers[at]!;
    const rank = rankOf(times[n]!);
    const high = Math.floor(rank / LOW);
    halves[2 * at] = (rank - high * LOW) * MAX_NOTES + n;
    halves[2 * at + 1] = high;
  }
  keys.sort();
  const order = new Uint32Array(size);
  for (let n = 0; n < size; n++) {
    order[size - 1 - n] = halves[2 * n]! % MAX_NOTES;
  }
  const isOfOneRank = (a: number, b: number) =>
    halves[2 * a + 1] === halves[2 * b + 1] &&
    halves[2 * a]! >>> NUMBER_BITS === halves[2 * b]! >>> NUMBER_BITS;
  const compare = (a: number, b: number) =>
    times[b] === times[a] ? (isBefore(a, b) ? -1 : 1) : times[b]! - times[a]!;
  for (let from = 0; from < size;) {
    let to = from + 1;
    while (to < size && isOfOneRank(from, to)) to++;
    if (to - from > 1) order.subarray(size - to, size - from).sort(compare);
    from = to;
  }
  return order;
}

function rankOf(time: number): number {
  if (time === UNDATED) return 0;
  return Math.min(Math.max(time - EARLIEST, 1), MOST);
}
