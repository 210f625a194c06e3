import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  ContactTurn,
  type TurnPosition,
} from "../../lib/sync/_contact_turn.ts";

const START: TurnPosition = { turn: null, pending: [] };
const NONE = { changed: new Set<string>(), all: false };

function contacts(count: number): string[] {
  return Array.from({ length: count }, (_, n) => String(n).padStart(4, "0"));
}

/** A run in which every contact of its order is read. */
function runOf(turn: ContactTurn): readonly string[] {
  for (const contact of turn.order) turn.pass(contact, true);
  return turn.order;
}

describe("ContactTurn", () => {
  it("reads a twentieth of the contacts, in the order of their ids, and goes on there", () => {
    const all = contacts(45);
    const first = new ContactTurn(all.toReversed(), START, NONE);
    expect(runOf(first)).toEqual(["0000", "0001", "0002"]);
    expect(first.position()).toEqual({ turn: "0002", pending: [] });
    const second = new ContactTurn(all, first.position(), NONE);
    expect(runOf(second)).toEqual(["0003", "0004", "0005"]);
  });

  it("begins again where a round is over", () => {
    const at = { turn: "0042", pending: [] };
    const turn = new ContactTurn(contacts(45), at, NONE);
    expect(runOf(turn)).toEqual(["0043", "0044", "0000"]);
    expect(turn.roundOver).toBe(true);
    expect(turn.position().turn).toBe("0000");
    const exact = new ContactTurn(contacts(45), { ...at, turn: "0041" }, NONE);
    runOf(exact);
    expect([exact.roundOver, exact.position().turn]).toEqual([true, null]);
  });

  it("reads those that changed first, and counts them as read when their turn comes", () => {
    const turn = new ContactTurn(contacts(45), START, {
      changed: new Set(["0001", "0030", "gone"]),
      all: false,
    });
    expect(runOf(turn)).toEqual(["0001", "0030", "0000", "0002", "0003"]);
    expect(turn.position()).toEqual({ turn: "0003", pending: [] });
  });

  it("stands behind the last contact up to which none is missing", () => {
    const turn = new ContactTurn(contacts(45), START, {
      changed: new Set(["0001", "0030"]),
      all: false,
    });
    for (const contact of turn.order.slice(0, 2)) turn.pass(contact, true);
    expect(turn.position()).toEqual(START);
    turn.pass("0000", true);
    expect(turn.position()).toEqual({ turn: "0001", pending: [] });
  });

  it("remembers who changed and was not read, and who could not be read", () => {
    const turn = new ContactTurn(contacts(45), START, {
      changed: new Set(["0010", "0020"]),
      all: false,
    });
    turn.pass("0010", false);
    turn.pass("0000", false);
    expect(turn.position()).toEqual({
      turn: "0000",
      pending: ["0010", "0020", "0000"],
    });
    const next = new ContactTurn(contacts(45), turn.position(), NONE);
    expect(runOf(next)).toEqual(
      ["0001", "0002", "0003", "0010", "0020", "0000"],
    );
    expect(next.position()).toEqual({ turn: "0003", pending: [] });
  });

  it("remembers no more than fits beside the rest of the state", () => {
    const all = contacts(9_000);
    const turn = new ContactTurn(all, START, {
      changed: new Set(all),
      all: false,
    });
    expect(turn.order.length).toBe(9_000);
    expect(turn.position().pending.length).toBe(2_000);
  });

  it("reads every contact within 20 runs, whoever comes, goes or changes meanwhile", () => {
    const life = fc.array(
      fc.record({
        changed: fc.array(fc.nat(99), { maxLength: 5 }),
        unread: fc.array(fc.nat(99), { maxLength: 3 }),
        gone: fc.nat(99),
      }),
      { minLength: 20, maxLength: 20 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), life, (count, hours) => {
        let at = START;
        const there = new Set(contacts(count));
        const read = new Set<string>();
        for (const { changed, unread, gone } of hours) {
          const turn = new ContactTurn(there, at, {
            changed: new Set(changed.map((n) => contacts(100)[n]!)),
            all: false,
          });
          const left = new Set(unread.map((n) => contacts(100)[n]!));
          for (const contact of turn.order) {
            turn.pass(contact, !left.has(contact));
            if (!left.has(contact)) read.add(contact);
          }
          at = turn.position();
          if (there.size > 1) there.delete(contacts(100)[gone]!);
        }
        const last = new ContactTurn(there, at, NONE);
        for (const contact of last.order) read.add(contact);
        expect([...there].filter((contact) => !read.has(contact))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("has nothing to do where there is no contact", () => {
    const turn = new ContactTurn([], { turn: "7", pending: ["7"] }, NONE);
    expect(turn.order).toEqual([]);
    expect(turn.roundOver).toBe(true);
    expect(turn.position()).toEqual(START);
  });
});
