import { candidateOf } from "./_hot_list_page.ts";
import type { Look, News } from "./_history.ts";
import type { Sheet } from "./_sheet.ts";
import { compareText, NOT_RECORDED, type State } from "./_state.ts";
import { counted, UNKNOWN } from "./_words.ts";
import type { Reader } from "./_world.ts";
import { cityOf, dateTimeText } from "./_zone.ts";

type Kind = keyof News;

interface Words {
  one: string;
  many: string;
  caption: string;
  heads: string[];
}

const KINDS: Record<Kind, Words> = {
  leads: {
    one: "new lead",
    many: "new leads",
    caption: "New leads",
    heads: ["Name", "Source", "Created"],
  },
  moves: {
    one: "stage move",
    many: "stage moves",
    caption: "Stage moves",
    heads: ["Candidate", "Move"],
  },
  notes: {
    one: "new note",
    many: "new notes",
    caption: "New notes",
    heads: ["Author", "Note", "Date"],
  },
  planned: {
    one: "new activity",
    many: "new activities",
    caption: "New activities",
    heads: ["Contact", "Type", "Takes place"],
  },
  cancelled: {
    one: "cancelled activity",
    many: "cancelled activities",
    caption: "Cancelled activities",
    heads: ["Contact", "Type", "Would have taken place"],
  },
};
const PAGE = 50;
const NAMED = 3;
/** Of a note, in UTF-8. */
const SHOWN_BYTES = 160;

/** What somebody is told of who knows all until a moment: how many of each kind, and which. */
export async function checkChanges(
  sheet: Sheet,
  { page }: Reader,
  state: State,
  since: number,
): Promise<void> {
  const looks = state.log.looks.filter(({ at }) => since < at);
  const lines = (await page("/dashboard")).items("What changed") ?? [];
  for (const kind of Object.keys(KINDS) as Kind[]) {
    const { one, many, caption, heads } = KINDS[kind];
    const rows = rowsOf(state, looks, kind);
    const words = counted(rows.length, one, many);
    sheet.same(
      `what changed, ${kind}`,
      lines.some((line) => line.startsWith(words)),
      rows.length > 0,
    );
    const more = rows.length - NAMED;
    sheet.same(
      `what changed, ${kind}, more`,
      lines.includes(`and ${more} more of ${words}`),
      more > 0,
    );
    const shown = await page("/changes", { kind });
    sheet.same(`changes, ${kind}`, shown.heading(/^[\d,]+ /), words);
    const city = cityOf(state.zone);
    sheet.table(shown, {
      caption,
      heads: [...heads, "Seen first"].map((head, at) =>
        at > 1 ? `${head} (${city})` : head
      ),
    }, rows.slice(0, PAGE));
  }
}

/** Newest first; of one sync by id, downwards. */
function rowsOf(state: State, looks: readonly Look[], kind: Kind): string[][] {
  return looks.toReversed().flatMap((look) =>
    look.news[kind].toSorted((one, other) => compareText(other.id, one.id))
      .map(({ id }) => [
        ...cellsOf(state, look, kind, id),
        dateTimeText(look.at, state.zone),
      ])
  );
}

/** Leads and deals by the names that they have now, notes and activities as they were found. */
function cellsOf(
  state: State,
  { news, known }: Look,
  kind: Kind,
  id: string,
): string[] {
  const dated = (at: number | null | undefined) =>
    at ? dateTimeText(at, state.zone) : UNKNOWN;
  if (kind === "leads") {
    const person = state.look.people.get(id);
    return [
      person?.name ?? "Unnamed",
      person?.source ?? NOT_RECORDED,
      dated(person?.created),
    ];
  }
  if (kind === "moves") {
    const { from, to } = news.moves.find((move) => move.id === id)!;
    const deal = state.look.deals.get(id);
    return [
      deal ? candidateOf(state, deal) : "Unnamed",
      `${from!.stage} → ${to!.stage}`,
    ];
  }
  if (kind === "notes") {
    const { author, content, date } = known.get(id)!;
    return [author, beginning(content), dated(date)];
  }
  const { contact, type, at } = news[kind].find((one) => one.id === id)!;
  return [contact, type, dated(at)];
}

function beginning(content: string): string {
  const bytes = new TextEncoder().encode(content.replaceAll(/\s+/g, " "));
  return new TextDecoder().decode(bytes.slice(0, SHOWN_BYTES), { stream: true })
    .trim();
}
