import { createHash } from "node:crypto";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import {
  type Cells,
  cellsOf,
  UNDATED,
} from "../../lib/store/notes_text/cells.ts";
import { newestFirst } from "../../lib/store/notes_text/order.ts";
import {
  isSameText,
  packShelfText,
  textFormat,
  unpackShelfText,
} from "../../lib/store/notes_text/pack.ts";
import { runsOf } from "../../lib/store/notes_text/run.ts";

const text = fc.string({ unit: "binary", maxLength: 20 });
/** Half of a pair, and whatever else a text of UTF-16 may be. */
const anyText = fc.oneof(
  text,
  fc.array(fc.nat(0xffff), { maxLength: 6 }).map((units) =>
    String.fromCharCode(...units)
  ),
);
const time = fc.oneof(
  fc.constantFrom(UNDATED, 0, 1, -1, 8.64e15, -8.64e15, Date.UTC(1700, 0)),
  fc.integer({ min: -1e13, max: 1e13 }),
);
const cells = fc.uniqueArray(
  fc.record({
    part: text.map((id) => id.replaceAll("\0", "")),
    time,
    author: anyText,
    text: anyText,
  }),
  { selector: ({ part }) => part, maxLength: 30 },
);

const byPart = (a: Cells, b: Cells) => a.part < b.part ? -1 : 1;

describe("packShelfText()", () => {
  it("are the same however gzip has packed them", () => {
    const cells = [cellsOf({
      part: "n1",
      noteDate: "2026-03-11T15:00:00.000Z",
      author: "Pat",
      content: "Called ".repeat(100),
    })];
    const one = packShelfText(1, cells, new Map());
    const plain = gunzipSync(one.packed);
    const again = { ...one, packed: gzipSync(plain, { level: 1 }) };
    expect(again.packed).not.toEqual(Buffer.from(one.packed));
    expect(isSameText(one, again)).toBe(true);
    plain[plain.length - 1]! ^= 1;
    expect(isSameText(one, { ...one, packed: gzipSync(plain) })).toBe(false);
  });

  it("gives every note back as it was, with the beginning of its hash", () => {
    fc.assert(fc.property(cells, fc.nat(200), (all, shelf) => {
      const hashes = new Map(
        all.map(({ part }, n) => [part, `\xff\0${n}`.padEnd(16, "h")]),
      );
      const packed = packShelfText(shelf, all, hashes);
      const unpacked = unpackShelfText(packed);
      expect(unpacked.shelf).toBe(shelf);
      expect(unpacked.runs.flatMap((run) => [...run.cells()]).sort(byPart))
        .toEqual(all.toSorted(byPart));
      for (const [part, hash] of unpacked.hashes()) {
        expect(hash).toBe(hashes.get(part)!.slice(0, 8));
      }
      expect(unpacked.hashes().size).toBe(all.length);
      expect(packShelfText(shelf, all.toReversed(), hashes)).toEqual(packed);
    }));
  });

  it("packs what it always did in the format that it names", () => {
    // What is packed otherwise, or folded otherwise, must not be read as this: give the format another number then.
    const notes = [
      ["1", "Called – 😀 ΟΔΟΣ", "Pat Éclair"],
      ["2", "Re\u0301sume\u0301 STRASSE İ", null],
    ] as const;
    const all = notes.map(([part, content, author]) =>
      cellsOf({ part, noteDate: "2026-03-01T10:00:00.000Z", author, content })
    );
    const { packed } = packShelfText(64, all, new Map([["1", "12345678"]]));
    const sum = createHash("sha256").update(gunzipSync(packed)).digest("hex");
    expect([textFormat().split(",")[0], sum.slice(0, 16)]).toEqual([
      "1",
      "1a32e42760b249c8",
    ]);
  });
});

describe("a run of notes", () => {
  it("is marked where a text or an author has what is looked for, never across two notes", () => {
    const piece = fc.constantFrom("a", "b", "ab", "ba", "é", "–", "");
    const some = fc.array(piece, { maxLength: 4 }).map((all) => all.join(""));
    const notes = fc.array(fc.tuple(some, some), { maxLength: 12 });
    fc.assert(fc.property(notes, some, some, (notes, search, author) => {
      const all = notes.map(([text, author], n) => ({
        part: `${n}`,
        time: 0,
        author,
        text,
      }));
      const found = runsOf(all).flatMap((run) => {
        const hits = new Uint8Array(run.size);
        run.mark(hits, search, author);
        return run.parts().filter((_, n) => hits[n] === 1);
      });
      const wanted = all.filter((one) =>
        one.author.includes(author) &&
        [one.text, one.author].some((text) => text.includes(search))
      ).map(({ part }) => part);
      expect(found.sort()).toEqual(wanted.sort());
    }));
  });
});

describe("newestFirst()", () => {
  it("orders by time downwards and then as it is told, wherever the times lie", () => {
    fc.assert(fc.property(fc.array(time, { maxLength: 40 }), (times) => {
      const order = newestFirst(
        Uint32Array.from(times.keys()),
        Float64Array.from(times),
        (a, b) => a > b,
      );
      const wanted = [...times.keys()].sort((a, b) =>
        times[a] === times[b] ? b - a : times[a]! < times[b]! ? 1 : -1
      );
      expect([...order]).toEqual(wanted);
    }));
  });
});
