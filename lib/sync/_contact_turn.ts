import type { NotesByContact } from "../domain/mod.ts";

/** A round takes so many hourly runs: every contact is read again within a day, also where four runs are missed. */
const RUNS_A_ROUND = 20;
/** Characters of ids that are remembered as pending; a contact beyond is read when its turn comes. */
const MAX_PENDING_CHARS = 8_000;

/** The part of what is remembered that says which contacts are next. */
export type TurnPosition = Pick<NotesByContact, "turn" | "pending">;

type Contacts = Pick<ReadonlySet<string>, "has">;

/** Which contacts a run reads, and where that leaves the turn. Contacts are encoded ids. */
export class ContactTurn {
  /** The contacts to read in this run, the most urgent first. */
  readonly order: readonly string[];
  readonly #before: TurnPosition;
  /** All contacts as their turns come. */
  readonly #queue: readonly string[];
  /** How many of them stand before the end of the round. */
  readonly #left: number;
  readonly #passed = new Set<string>();
  readonly #pending: Set<string>;
  #at = 0;

  /**
   * @param contacts all there are
   * @param before where the last run left the turn
   * @param changed those to read at once
   * @param all read every contact, not only a share of them
   */
  constructor(
    contacts: Iterable<string>,
    before: TurnPosition,
    { changed, all }: { changed: Contacts; all: boolean },
  ) {
    const sorted = [...contacts].sort();
    const { turn } = before;
    const next = turn === null ? 0 : sorted.findIndex((one) => one > turn);
    const start = next === -1 ? sorted.length : next;
    this.#before = before;
    this.#left = sorted.length - start;
    this.#queue = [...sorted.slice(start), ...sorted.slice(0, start)];
    const pending = new Set(before.pending);
    this.#pending = new Set(
      this.#queue.filter((one) => changed.has(one) || pending.has(one)),
    );
    this.order = all ? this.#queue : this.#share(changed);
  }

  /** Those that changed, then a share of the others in turn, then those that earlier runs could not read. */
  #share(changed: Contacts): string[] {
    const share = Math.ceil(this.#queue.length / RUNS_A_ROUND);
    const chosen = new Set(this.#queue.filter((one) => changed.has(one)));
    const others = this.#queue.filter((one) => !chosen.has(one));
    for (const one of others.slice(0, share)) chosen.add(one);
    for (const one of this.#pending) chosen.add(one);
    return [...chosen];
  }

  /** A contact was read; or could not be read, and is pending. The turn goes on either way. */
  pass(contact: string, read: boolean): void {
    if (read) this.#pending.delete(contact);
    else this.#pending.add(contact);
    this.#passed.add(contact);
    while (
      this.#at < this.#queue.length && this.#passed.has(this.#queue[this.#at]!)
    ) this.#at++;
  }

  /** Whether the turn has come to the end of a round in this run. */
  get roundOver(): boolean {
    return this.#at >= this.#left;
  }

  position(): TurnPosition {
    return { turn: this.#turn(), pending: this.#remembered() };
  }

  #turn(): string | null {
    if (this.#at === this.#left || this.#at === this.#queue.length) return null;
    return this.#queue[this.#at - 1] ?? this.#before.turn;
  }

  #remembered(): string[] {
    const some: string[] = [];
    let chars = 0;
    for (const one of this.#pending) {
      chars += one.length;
      if (chars > MAX_PENDING_CHARS) break;
      some.push(one);
    }
    return some;
  }
}
