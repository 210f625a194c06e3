import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  createMatcher,
  fold,
  matches,
  nameOf,
  piecesOf,
  previewUtf8,
  realText,
} from "../../lib/domain/mod.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;
const anyText = fc.string({ unit: "binary", maxLength: 60 });

describe("previewUtf8()", () => {
  it("keeps a text that fits", () => {
    expect(previewUtf8("Caf\u00e9", 5))
      .toEqual({ text: "Caf\u00e9", truncated: false });
    expect(previewUtf8("", 0)).toEqual({ text: "", truncated: false });
  });

  it("never ends inside a code point", () => {
    expect(previewUtf8("Caf\u00e9", 4))
      .toEqual({ text: "Caf", truncated: true });
    for (const size of [4, 5, 6, 7]) {
      expect(previewUtf8("\u{1F354}\u{1F355}", size))
        .toEqual({ text: "\u{1F354}", truncated: true });
    }
    expect(previewUtf8("\u{1F354}", 3)).toEqual({ text: "", truncated: true });
  });

  it("is the longest beginning that fits", () => {
    fc.assert(fc.property(anyText, fc.nat(200), (text, size) => {
      const preview = previewUtf8(text, size);
      expect(text.startsWith(preview.text)).toBe(true);
      expect(preview.truncated).toBe(preview.text.length < text.length);
      expect(bytes(preview.text)).toBeLessThanOrEqual(size);
      const next = String.fromCodePoint(
        text.codePointAt(preview.text.length) ?? 0,
      );
      if (preview.truncated) {
        expect(bytes(preview.text + next)).toBeGreaterThan(size);
      }
    }));
  });

  it("takes lone surrogates as they come", () => {
    expect(previewUtf8("a\ud800b", 4))
      .toEqual({ text: "a\ud800", truncated: true });
  });
});

describe("matches()", () => {
  it("finds a substring in any case", () => {
    expect(matches("fdd", "Sent the FDD today", null)).toBe(true);
    expect(matches("FDD", null, "fdd review")).toBe(true);
    expect(matches("fdd", "Sent the QR", null)).toBe(false);
    expect(matches("a b", "a", "b")).toBe(false);
  });

  it("finds composed in decomposed text and the other way round", () => {
    expect(matches("CAFE\u0301", "Caf\u00e9 owner")).toBe(true);
    expect(matches("caf\u00c9", "Cafe\u0301 owner")).toBe(true);
    expect(matches("cafe", "Caf\u00e9 owner")).toBe(false);
  });

  it("folds every text to NFC in lower case, whatever it is composed of", () => {
    const low = fc.string({
      unit: fc.integer({ min: 0, max: 0x370 }).map((code) =>
        String.fromCharCode(code)
      ),
    });
    fc.assert(
      fc.property(fc.oneof(low, anyText), (text) => {
        expect(fold(text)).toBe(text.normalize("NFC").toLowerCase());
      }),
    );
  });

  it("takes the search literally", () => {
    expect(matches(".*", "anything")).toBe(false);
    expect(matches("50%", "at 50% off")).toBe(true);
    expect(matches(" ", "two words")).toBe(true);
    expect(matches(" ", "one")).toBe(false);
  });

  it("finds an empty search everywhere, even where there is no text", () => {
    expect(matches("", null)).toBe(true);
  });

  it("finds every part of a text in it", () => {
    const ascii = fc.string({ maxLength: 30 });
    fc.assert(
      fc.property(ascii, ascii, ascii, (before, search, after) => {
        const text = before + search + after;
        expect(matches(search.toUpperCase(), text)).toBe(true);
        expect(createMatcher(search)(null, text)).toBe(true);
      }),
    );
  });
});

describe("nameOf()", () => {
  const nobody = { firstName: null, lastName: null, company: null };

  it("is first and last name, else the company, else 'Unnamed'", () => {
    expect(nameOf({ ...nobody, firstName: "Ada", lastName: "Park" }))
      .toBe("Ada Park");
    expect(nameOf({ ...nobody, lastName: "Park" })).toBe("Park");
    expect(nameOf({ ...nobody, company: "Park LLC" })).toBe("Park LLC");
    expect(nameOf(nobody)).toBe("Unnamed");
  });

  it("does not take a placeholder for a name", () => {
    expect(nameOf({ ...nobody, firstName: "No Name Text Added" }))
      .toBe("Unnamed");
    expect(realText("No Name Text Added")).toBe(null);
    expect(realText("Noah Text")).toBe("Noah Text");
    expect(realText("  ")).toBe(null);
  });
});

describe("piecesOf()", () => {
  const hits = (text: string, search: string) =>
    piecesOf(text, search).filter(({ hit }) => hit).map((piece) => piece.text);

  it("cuts a text where the search is found, in any case", () => {
    expect(piecesOf("The FDD and the fdd.", "fdd")).toEqual([
      { text: "The ", hit: false },
      { text: "FDD", hit: true },
      { text: " and the ", hit: false },
      { text: "fdd", hit: true },
      { text: ".", hit: false },
    ]);
  });

  it("finds composed and decomposed letters alike", () => {
    expect(hits("Cafe\u0301 and CAF\u00c9", "caf\u00e9"))
      .toEqual(["Caf\u00e9", "CAF\u00c9"]);
  });

  it("is one piece where nothing is searched for or found", () => {
    expect(piecesOf("text", "")).toEqual([{ text: "text", hit: false }]);
    expect(piecesOf("text", "fdd")).toEqual([{ text: "text", hit: false }]);
    expect(piecesOf("", "fdd")).toEqual([{ text: "", hit: false }]);
  });

  it("keeps characters whole that fold to several", () => {
    // The dotted capital I becomes two code units in lower case.
    expect(hits("\u0130stanbul", "stan")).toEqual(["stan"]);
    expect(hits("\ud83d\ude00 fdd \ud83d\ude00", "fdd")).toEqual(["fdd"]);
  });

  it("loses nothing, whatever is searched for", () => {
    const unit = fc.constantFrom(
      "a",
      "A",
      "\u0130",
      "e\u0301",
      "\ud83d\ude00",
      " ",
      "ß",
    );
    const text = fc.array(unit, { maxLength: 12 }).map((units) =>
      units.join("")
    );
    fc.assert(fc.property(text, text, (text, search) => {
      const pieces = piecesOf(text, search);
      expect(pieces.map((piece) => piece.text).join(""))
        .toBe(text.normalize("NFC"));
      for (const piece of pieces) {
        if (piece.hit) expect(matches(search, piece.text)).toBe(true);
      }
    }));
  });
});
