import type { Note } from "./_records.ts";
import type { Sheet } from "./_sheet.ts";
import { compareText, type State } from "./_state.ts";
import { counted } from "./_words.ts";
import type { Get } from "./_world.ts";
import { dateTimeText, plusDays, startOf } from "./_zone.ts";

const NOTES = 50;
const HEADING = /^(?:[\d,]+ notes?|Notes)/;

/** The notes' counts, whole and narrowed, and who wrote the newest when. */
export async function checkNotes(
  sheet: Sheet,
  get: Get,
  state: State,
): Promise<void> {
  const { look, zone, notes: all, isPast } = state;
  const [first] = all;
  const from = plusDays(look.day, -5);
  const to = plusDays(look.day, -2);
  const within = (text: string, part: string) =>
    text.toLowerCase().includes(part);
  const narrowed: [Record<string, string>, Note[]][] = [
    [{}, all],
    [
      { search: "FDD" },
      all.filter((note) =>
        within(note.content, "fdd") || within(note.author, "fdd")
      ),
    ],
    [
      { author: first!.author },
      all.filter(({ author }) => within(author, first!.author.toLowerCase())),
    ],
    [
      { contact: first!.contactId },
      all.filter(({ contactId }) => contactId === first!.contactId),
    ],
    [
      { from, to },
      all.filter(({ date }) =>
        startOf(from, zone) <= date && date < startOf(plusDays(to, 1), zone)
      ),
    ],
  ];
  for (const [query, notes] of narrowed) {
    const page = await get("/notes", query);
    const { search } = query;
    sheet.same(
      `notes of ${JSON.stringify(query)}`,
      page.heading(HEADING),
      // How many there were on an earlier day cannot be told.
      (isPast ? "Notes" : counted(notes.length, "note")) +
        (search ? ` with '${search}'` : ""),
    );
    const newest = notes.toSorted((one, other) =>
      other.date - one.date || compareText(other.id, one.id)
    ).slice(0, NOTES);
    const shown = page.items(HEADING)?.filter((text) =>
      / \d+ \w{3} \d{4}, \d\d:\d\d /.test(text)
    );
    sheet.same(
      `notes of ${JSON.stringify(query)}, rows`,
      shown?.length,
      newest.length,
    );
    newest.forEach(({ author, date, content }, at) => {
      const text = shown?.[at] ?? "";
      sheet.same(
        `note ${at + 1} of ${JSON.stringify(query)}`,
        [
          text.startsWith(author),
          text.includes(dateTimeText(date, zone)),
          text.includes(content.replaceAll(/\s+/g, " ")),
        ],
        [true, true, true],
      );
    });
  }
}
