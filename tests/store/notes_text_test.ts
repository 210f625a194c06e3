import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { SearchedNote } from "../../lib/store/notes_text/cells.ts";
import { NotesText } from "../../lib/store/tenant/_notes_text.ts";

const note = (
  part: string,
  content: string | null,
  fields: Partial<SearchedNote> = {},
): SearchedNote => ({ part, noteDate: null, author: null, content, ...fields });

const iso = (day: number) => `2026-03-0${day}T10:00:00.000Z`;

/** Notes in the order of the list. */
function textOf(notes: SearchedNote[]): NotesText {
  const builder = NotesText.builder();
  for (const one of notes) builder.add(one);
  return builder.build()!;
}

const partsOf = (text: NotesText, found: Uint32Array) =>
  Array.from(found, (n) => text.place(n)[1]);

describe("the text of notes", () => {
  it("is searched in content and author, folded", () => {
    const text = textOf([
      note("3", "Called re\u0301sume\u0301", { author: "Pat Éclair" }),
      note("2", "STRASSE", { author: "PAT E\u0301CLAIR" }),
      note("1", null),
    ]);
    const find = (search: string) => partsOf(text, text.find({ search }));
    expect(find("RÉSUMÉ")).toEqual(["3"]);
    expect(find("éclair")).toEqual(["3", "2"]);
    expect(find("straße")).toEqual([]);
    expect(partsOf(text, text.find({ author: "éc", search: "c" })))
      .toEqual(["3", "2"]);
    expect(partsOf(text, text.find({}))).toEqual(["3", "2", "1"]);
  });

  it("is not found across the end of a note, nor across author and content", () => {
    const text = textOf([
      note("2", "one", { author: "two" }),
      note("1", "end"),
    ]);
    for (const search of ["oneend", "twoone", "onetwo", "eend", "\0"]) {
      expect(partsOf(text, text.find({ search }))).toEqual([]);
    }
  });

  it("places new versions in the order of the keys, which is that of code points", () => {
    const before = textOf([
      note("b", "x", { noteDate: iso(3) }),
      note("a", "x", { noteDate: iso(1) }),
      note("\uff5e", "x"),
    ]);
    const after = before.with(
      new Set(["a", "gone", "😀", "c"]),
      [
        note("😀", "x"),
        note("c", "x", { noteDate: iso(2) }),
        note("a", "x", { noteDate: iso(4) }),
      ],
      Infinity,
    )!;
    expect(partsOf(after, after.find({ search: "x" })))
      .toEqual(["a", "b", "c", "😀", "\uff5e"]);
    expect(partsOf(after, after.find({ search: "x" }, true)))
      .toEqual(["c", "b", "a", "\uff5e", "😀"]);
    expect(before.size).toBe(3);
  });

  it("takes as much however it came about, and keeps no author who is gone", () => {
    const notes = [
      note("3", "plain", { author: "Pat" }),
      note("2", "wide – 😀", { author: "Sam" }),
      note("1", "plain", { author: "Pat" }),
    ];
    const less = textOf([notes[0]!, notes[2]!]);
    const more = less.with(new Set(["2"]), [notes[1]!], Infinity)!;
    expect(more.bytes).toBe(textOf(notes).bytes);
    expect(more.with(new Set(["2"]), [], Infinity)!.bytes).toBe(less.bytes);
  });

  it("is none where it would take more than it may", () => {
    const notes = [note("2", "x".repeat(1000)), note("1", "y")];
    const { bytes } = textOf(notes);
    const tight = NotesText.builder(bytes - 1);
    for (const one of notes) tight.add(one);
    expect(tight.build()).toBeNull();
    const full = NotesText.builder(1000);
    for (const one of notes) full.add(one);
    expect([full.isFull, full.size, full.build()]).toEqual([true, 1, null]);
    const text = textOf([notes[1]!]);
    expect(text.with(new Set(["2"]), [notes[0]!], bytes - 1)).toBeNull();
    expect(text.with(new Set(["2"]), [notes[0]!], bytes)!.bytes).toBe(bytes);
  });
});
