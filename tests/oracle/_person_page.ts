import { dealCells } from "./_drill_pages.ts";
import type { Stay } from "./_history.ts";
import type { Person } from "./_records.ts";
import type { Sheet } from "./_sheet.ts";
import { compareText, NOT_RECORDED, type State } from "./_state.ts";
import { counted, countText } from "./_words.ts";
import type { Get } from "./_world.ts";
import { dateTimeText, DAY_MS } from "./_zone.ts";

const DEALS = ["opportunity", "opportunities"] as const;

/** A person's page: what is known of them, deals, history, notes and activities. */
export async function checkPerson(
  sheet: Sheet,
  get: Get,
  state: State,
  person: Person,
): Promise<void> {
  const { look, zone } = state;
  const page = await get(`/leads/${person.id}`);
  const dated = (at: number | null) =>
    at === null ? NOT_RECORDED : dateTimeText(at, zone);
  const facts = page.facts("Details");
  sheet.same("details", [
    facts.Source,
    facts.Market,
    facts.Units,
    facts.Created,
    facts.Updated,
  ], [
    person.source ?? NOT_RECORDED,
    person.market ?? NOT_RECORDED,
    person.units === null ? NOT_RECORDED : countText(person.units),
    dated(person.created),
    dated(person.updated),
  ]);
  const deals = [...look.deals.values()].filter(({ clientId }) =>
    clientId === person.id
  );
  sheet.same(
    "a person's opportunities",
    page.heading(/opportunit(?:y|ies)$/),
    counted(deals.length, ...DEALS),
  );
  const shown = page.table("Opportunities")?.rows.map((row) => row.join(" | "));
  for (const deal of deals) {
    sheet.same(
      "a person's opportunity",
      shown?.includes(dealCells(state, deal).join(" | ")),
      true,
    );
  }
  const notes = state.notes.filter(({ contactId }) => contactId === person.id);
  sheet.same(
    "a person's notes",
    page.heading(/notes?$/),
    counted(notes.length, "note"),
  );
  const coming = state.coming.filter(({ contactId }) =>
    contactId === person.id
  );
  const listed = page.items(/activit(?:y|ies)$/)?.join("\n") ?? "";
  for (const { type, at } of coming) {
    sheet.same(
      "a person's activity",
      listed.includes(`${type} ${dateTimeText(at, zone)}`),
      true,
    );
  }
  const stays = [
    ...staysText(state, look.stays.people.get(person.id)!),
    ...deals.toSorted((one, other) => compareText(one.id, other.id))
      .flatMap(({ id }) => staysText(state, look.stays.deals.get(id)!)),
  ];
  sheet.same("stage history", page.items("Stage history"), stays);
}

/** The page of somebody whom ClientTether lists no longer: since when, and what other records still say. */
export async function checkGone(
  sheet: Sheet,
  get: Get,
  state: State,
  { id }: Person,
): Promise<void> {
  const { looks } = state.log;
  const page = await get(`/leads/${id}`, {}, 410);
  const last = looks.findLastIndex(({ people }) => people.has(id));
  sheet.same(
    "gone since",
    page.text.match(/No longer in ClientTether since ([^(]+) \(/)?.[1],
    dateTimeText(looks[last + 1]!.at, state.zone),
  );
  const deals = [...state.look.deals.values()].filter(({ clientId }) =>
    clientId === id
  );
  sheet.same(
    "opportunities of somebody gone",
    page.heading(/opportunit(?:y|ies)$/),
    counted(deals.length, ...DEALS),
  );
}

function staysText({ look, zone }: State, stays: readonly Stay[]): string[] {
  return stays.map(({ stage, at, atLeast }, index) => {
    const end = stays[index + 1]?.at ?? null;
    const days = Math.floor(((end ?? look.at) - at) / DAY_MS);
    const length = days === 0 ? "under a day" : counted(days, "day");
    const words = atLeast
      ? days === 0 ? "how long is not known yet" : `at least ${length}`
      : end === null
      ? `${length} so far`
      : length;
    const since = `since ${dateTimeText(at, zone)}${
      atLeast ? " or earlier: it was there when the portal looked first" : ""
    }`;
    const until = end === null ? "" : `, until ${dateTimeText(end, zone)}`;
    return `${stage} ${words} ${since}${until}`;
  }).reverse();
}
