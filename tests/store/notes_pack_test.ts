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
import { joinedByWidth, runsOf } from "../../lib/store/notes_text/run.ts";
import {
  changedParts,
  type IndexBucket,
  partsIn,
  shortened,
} from "../../lib/store/notes_text/shelves.ts";
import { bucketOf, packBucket } from "../../lib/store/sync_index.ts";

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

/** The index of notes, bucket by bucket; each has a hash of its own, and another one where it is `edited`. */
function indexOf(ids: string[], edited: string[] = []): IndexBucket[] {
  const buckets = Map.groupBy(ids, bucketOf);
  return [...buckets].sort(([a], [b]) => a - b).map(([bucket, ids]) => ({
    bucket,
    packed: packBucket(
      new Map(ids.map((id) => {
        const last = edited.includes(id) ? "+" : "-";
        const hash = String.fromCharCode(bucket & 0xff) + `\xff\0ab c${last}`;
        return [id, hash.padEnd(16, "\xfe")];
      })),
    ),
    hashBytes: 16,
  }));
}

const byPart = (a: Cells, b: Cells) => a.part < b.part ? -1 : 1;

describe("packShelfText()", () => {
  it("are the same however gzip has packed them", async () => {
    const cells = [cellsOf({
      part: "n1",
      noteDate: "2026-03-11T15:00:00.000Z",
      author: "Pat",
      content: "Called ".repeat(100),
    })];
    const one = await packShelfText(1, cells, indexOf(["n1"]));
    const plain = gunzipSync(one.packed);
    const again = { ...one, packed: gzipSync(plain, { level: 1 }) };
    expect(again.packed).not.toEqual(Buffer.from(one.packed));
    expect(isSameText(one, again)).toBe(true);
    plain[plain.length - 1]! ^= 1;
    expect(isSameText(one, { ...one, packed: gzipSync(plain) })).toBe(false);
  });

  it("gives every note back as it was, with the beginning of its hash", async () => {
    await fc.assert(fc.asyncProperty(cells, fc.nat(200), async (all, shelf) => {
      const index = indexOf(all.map(({ part }) => part));
      const packed = await packShelfText(shelf, all, index);
      const unpacked = unpackShelfText(packed);
      expect(unpacked.shelf).toBe(shelf);
      expect(unpacked.runs.flatMap((run) => [...run.cells()]).sort(byPart))
        .toEqual(all.toSorted(byPart));
      expect(changedParts(unpacked.index, index)).toEqual([]);
      expect(partsIn(unpacked.index).sort()).toEqual(partsIn(index).sort());
      expect(await packShelfText(shelf, all.toReversed(), index)).toEqual(
        packed,
      );
    }));
  });

  it("packs what it always did in the format that it names", async () => {
    // What is packed otherwise, or folded otherwise, must not be read as this: give the format another number then.
    const notes = [
      ["1", "Called – 😀 ΟΔΟΣ", "Pat Éclair"],
      ["2", "Re\u0301sume\u0301 STRASSE İ", null],
    ] as const;
    const all = notes.map(([part, content, author]) =>
      cellsOf({ part, noteDate: "2026-03-01T10:00:00.000Z", author, content })
    );
    const { packed } = await packShelfText(64, all, indexOf(["1", "2"]));
    const sum = createHash("sha256").update(gunzipSync(packed)).digest("hex");
    expect([textFormat().split(",")[0], sum.slice(0, 16)]).toEqual([
      "2",
      "fcc4d28387c889b6",
    ]);
  });
});

describe("changedParts()", () => {
  it("names what has changed, come or gone, by whole hashes and by their beginnings", () => {
    const ids = fc.uniqueArray(fc.constantFrom(..."abcdefgé😀\uff5e123"), {
      maxLength: 10,
    });
    fc.assert(fc.property(ids, ids, ids, (before, after, edited) => {
      const was = indexOf(before);
      const now = indexOf(after, edited);
      const wanted = [...new Set([...before, ...after])].filter((id) =>
        before.includes(id) !== after.includes(id) || edited.includes(id)
      ).sort();
      expect(changedParts(was, now).sort()).toEqual(wanted);
      const short = was.map((bucket) => shortened(bucket, 8));
      expect(changedParts(short, now).sort()).toEqual(wanted);
    }));
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

describe("runs of notes without some, with others", () => {
  it("are those of the notes that are there, and take as much", () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 2_000 }).map(String), {
      maxLength: 40,
    });
    const some = fc.tuple(ids, ids, fc.array(anyText, { minLength: 1 }));
    fc.assert(fc.property(some, ([before, changed, texts]) => {
      const of = (parts: string[], salt: number) =>
        parts.map((part, n): Cells => ({
          part,
          time: n,
          author: texts[(n + salt) % texts.length]!,
          text: texts[(n * 7 + salt) % texts.length]!,
        }));
      const kept = of(before, 0);
      const added = of(changed.slice(0, 5), 1);
      const runs = joinedByWidth([
        ...runsOf(kept).map((run) => run.without(changed)),
        ...runsOf(added),
      ]);
      const wanted = [
        ...kept.filter(({ part }) => !changed.includes(part)),
        ...added,
      ];
      expect(runs.flatMap((run) => [...run.cells()]).sort(byPart))
        .toEqual(wanted.toSorted(byPart));
      const bytes = (all: readonly { bytes: number }[]) =>
        all.reduce((sum, { bytes }) => sum + bytes, 0);
      expect(bytes(runs)).toBe(bytes(runsOf(wanted)));
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
