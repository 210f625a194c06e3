import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { serialize } from "node:v8";
import fc from "fast-check";
import { Budget, type Change } from "../../lib/store/_batch.ts";
import { createKvPort } from "../../lib/store/_kv.ts";
import { compact, estimateBytes, keyBytes } from "../../lib/store/_size.ts";

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.nat(600).map((n) => "é".repeat(n)),
  fc.nat(600).map((n) => "a".repeat(n) + "😀"),
);
/** Texts that V8 holds wider than their characters ask for: parts of wider ones. */
const wide = fc.nat(600).map((n) => ("a".repeat(n) + "😀").slice(0, n));

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    text,
    wide.filter((part) => part.length <= 256),
    wide.map(compact),
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.uint8Array(),
    fc.array(tie("any"), { maxLength: 5 }),
    fc.dictionary(text, tie("any"), { maxKeys: 5 }),
  ),
})).any;

describe("estimateBytes()", () => {
  it("is never below the real serialized size", () => {
    fc.assert(
      fc.property(value, (value) => {
        expect(estimateBytes(value)).toBeGreaterThanOrEqual(
          serialize(value).length - 4,
        );
      }),
      { numRuns: 500 },
    );
  });

  it("is not far above it either", () => {
    const lead = { name: "Robin Example", email: "robin@example.com", n: 12 };
    expect(estimateBytes(lead)).toBeLessThan(3 * serialize(lead).length);
    const note = { content: "word ".repeat(2000) };
    expect(estimateBytes(note)).toBeLessThan(1.1 * serialize(note).length);
  });
});

describe("compact()", () => {
  it("gives the same text, without the width of the text that it was a part of", () => {
    const part = ("word ".repeat(500) + "😀").slice(0, 2000);
    const made = compact(part);
    expect(made).toBe(part);
    expect(serialize(part).length).toBeGreaterThan(4000);
    expect(serialize(made).length).toBeLessThan(2010);
  });
});

describe("keyBytes()", () => {
  it("is never below the bytes that the database counts", () => {
    const part = fc.oneof(text, fc.double(), fc.uint8Array());
    fc.assert(fc.property(fc.array(part), (key) => {
      expect(keyBytes(key)).toBeGreaterThanOrEqual(realKeyBytes(key));
    }));
  });
});

/** Each part: a type, its bytes with NUL doubled, an end; a number is a type and eight bytes. */
function realKeyBytes(key: Deno.KvKey): number {
  return key.reduce((sum: number, part) => {
    if (typeof part === "number") return sum + 9;
    const bytes = typeof part === "string"
      ? new TextEncoder().encode(part)
      : part as Uint8Array;
    const nuls = bytes.filter((byte) => byte === 0).length;
    return sum + 2 + bytes.length + nuls;
  }, 0);
}

/** Commits changes as the writer does: as many at a time as the budget takes. */
async function commitInBudget(changes: Change[]): Promise<number> {
  const port = createKvPort(await Deno.openKv(":memory:"));
  let commits = 0;
  let budget = new Budget();
  let sets: Change["sets"] = [];
  const commit = async () => {
    commits++;
    expect(await port.commit({ sets })).toMatchObject({ ok: true });
    budget = new Budget();
    sets = [];
  };
  try {
    for (const change of changes) {
      if (!budget.take(change)) {
        await commit();
        expect(budget.take(change)).toBe(true);
      }
      sets.push(...change.sets);
    }
    await commit();
    let stored = 0;
    for await (const _ of port.list({ prefix: [] })) stored++;
    expect(stored).toBe(changes.length);
  } finally {
    port.close();
  }
  return commits;
}

const change = (key: Deno.KvKey, value: unknown): Change => ({
  sets: [{ key, value }],
  deletes: [],
});

describe("Budget", () => {
  it("keeps 10,000 small records within what one operation takes", async () => {
    const commits = await commitInBudget(
      Array.from({ length: 10_000 }, (_, n) => change(["r", n], { n })),
    );
    expect(commits).toBe(34);
  });

  it("keeps records of 50 KB within what one operation takes", async () => {
    const big = "é".repeat(50_000);
    const commits = await commitInBudget(
      Array.from({ length: 60 }, (_, n) => change(["r", n], { big })),
    );
    expect(commits).toBe(8);
  });

  it("keeps beginnings of texts with emoji within what one operation takes", async () => {
    const whole = "word ".repeat(1000) + "😀";
    await commitInBudget(Array.from({ length: 700 }, (_, n) => {
      const preview = compact(whole.slice(0, 2000));
      return change(["r", n], { preview, name: whole.slice(0, 200) });
    }));
  });

  it("keeps long keys within what one operation takes", async () => {
    await commitInBudget(
      Array.from(
        { length: 300 },
        (_, n) => change(["r", "é".repeat(600), "\0".repeat(200), n], 1),
      ),
    );
  });

  it("counts deletes like sets", () => {
    const budget = new Budget();
    const deletes = Array.from({ length: 300 }, (_, n) => ["r", n]);
    expect(budget.take({ sets: [], deletes })).toBe(true);
    expect(budget.take({ sets: [], deletes: [["r", 300]] })).toBe(false);
  });

  it("does not count what it refuses", () => {
    const budget = new Budget();
    const big = "a".repeat(50_000);
    const many = Array.from({ length: 20 }, (_, n) => change(["r", n], big));
    const taken = many.filter((one) => budget.take(one)).length;
    expect(taken).toBe(8);
    expect(budget.take(change(["small"], 1))).toBe(true);
  });
});
