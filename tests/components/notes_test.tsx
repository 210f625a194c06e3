import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";

import { NoteItem } from "../../components/NoteItem.tsx";
import { shownSentence } from "../../components/shown_notes.ts";
import type { NoteRow } from "../../lib/domain/mod.ts";
import { html, text } from "./_render.ts";

const ZONE = "America/New_York";

function note(fields: Partial<NoteRow> = {}): NoteRow {
  return {
    id: "n/1",
    contactId: null,
    noteDate: "2026-03-10T15:00:00.000Z",
    author: "Sam Example",
    content: "Sent the FDD.",
    truncated: false,
    ...fields,
  };
}

function item(fields: Partial<NoteRow> = {}) {
  return <NoteItem note={note(fields)} workspace="a" timezone={ZONE} />;
}

describe("NoteItem in a search", () => {
  const found = (content: string, search: string) => (
    <NoteItem
      note={note({ content })}
      search={search}
      workspace="a"
      timezone={ZONE}
    />
  );

  it("marks what was searched for, in text and author", () => {
    expect(html(found("Sent the FDD.", "fdd")))
      .toMatch(/Sent the <mark[^>]*>FDD<\/mark>\./);
    const author = note({ author: "Robin Fdd" });
    expect(
      html(
        <NoteItem note={author} search="fdd" workspace="a" timezone={ZONE} />,
      ),
    )
      .toMatch(/Robin <mark[^>]*>Fdd<\/mark>/);
  });

  it("shows what is around the first hit where that stands far into the text", () => {
    const long = `${"word ".repeat(100)}FDD signed ${"word ".repeat(100)}`;
    expect(text(found(long, "fdd signed")))
      .toMatch(/… (?:word )+FDD signed (?:word )+.*…/);
  });

  it("escapes what it marks", () => {
    expect(html(found("a <b> c", "<b>"))).toContain("&lt;b></mark>");
  });
});

describe("NoteItem", () => {
  it("shows author, date in the zone, and a short text as it is", () => {
    expect(text(item())).toBe("Sam Example 10 Mar 2026, 11:00 Sent the FDD.");
    expect(html(item())).toContain('href="/notes/n%2F1?w=a"');
    expect(html(item())).not.toContain("<details");
  });

  it("shows the beginning of a long text, which opens", () => {
    const long = html(item({ content: "word ".repeat(80) }));
    expect(long).toMatch(/<details><summary.*Open.*<\/summary>/s);
    expect(long).toContain("word ".repeat(80));
    expect(long).not.toContain("Read the whole note");
  });

  it("leads to the whole note where the list holds only its beginning", () => {
    expect(text(item({ content: "word ".repeat(80), truncated: true })))
      .toContain("Read the whole note");
  });

  it("cuts no emoji in two", () => {
    const long = html(item({ content: "\u{1F600}".repeat(200) }));
    expect(long.isWellFormed()).toBe(true);
  });

  it("says what is not recorded", () => {
    const bare = text(item({ author: null, noteDate: null, content: null }));
    expect(bare).toBe(
      "Author not recorded Date not recorded This note has no text.",
    );
  });
});

describe("shownSentence()", () => {
  it("counts from the newest, or only the whole list where the page begins later", () => {
    expect(shownSentence(50, 130)).toBe("50 of 130 notes shown.");
    expect(shownSentence(null, 130)).toBe("130 notes in all.");
    expect(shownSentence(null, 1)).toBe("1 note in all.");
  });
});
