import { page } from "fresh";
import { NoPerson } from "../../../../components/NoPerson.tsx";
import { pageHeadProps } from "../../../../components/page_head_props.ts";
import { PageHead } from "../../../../components/PageHead.tsx";
import { personHref } from "../../../../components/person_links.ts";
import {
  type PersonRecord,
  RawRecords,
} from "../../../../components/RawRecords.tsx";
import { formatDateTime, nameOf, UNNAMED } from "../../../../lib/domain/mod.ts";
import type { PersonRecords } from "../../../../lib/store/mod.ts";
import { rawOfRecord } from "../../../../lib/sync/mod.ts";
import {
  agencyOnly,
  defineInWorkspace,
  idInPath,
} from "../../../../lib/web/mod.ts";

/** Notes to choose from. */
const NOTES = 100;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state }) {
    agencyOnly(state);
    const { workspace: { store, tenant, sync }, services } = state;
    const person = await store.person(idInPath(url, 2), { notes: NOTES });
    const records = person ? recordsOf(person, tenant.timezone) : [];
    const [first] = records;
    if (!person || !first) return page({ person: null }, { status: 404 });
    const { searchParams } = url;
    const chosen = records.find(({ stream, id }) =>
      stream === searchParams.get("stream") &&
      id === searchParams.get("record")
    ) ?? first;
    const found = await rawOfRecord(
      services.store,
      store.id,
      chosen.stream,
      chosen.id,
    );
    return page({
      person: {
        id: person.id,
        name: person.lead ? nameOf(person.lead) : UNNAMED,
      },
      records,
      chosen,
      found: found ?? { raw: null, broughtBy: null, orEarlier: false },
      keptFrom: sync.cursor.rawKeptFrom ?? null,
    });
  },
});

/** Everything stored of a person, by stream. */
function recordsOf(
  { lead, opportunities, notes, activities }: PersonRecords,
  timezone: string,
): PersonRecord[] {
  const at = (iso: string | null) => formatDateTime(iso, timezone);
  const records: PersonRecord[] = [];
  if (lead) records.push({ stream: "leads", id: lead.id, name: nameOf(lead) });
  for (const { id, stage } of opportunities) {
    records.push({ stream: "opportunities", id, name: `${id}, ${stage}` });
  }
  for (const { id, noteDate, author } of notes) {
    const name = `${at(noteDate)} ${author ?? ""}`.trim();
    records.push({ stream: "notes", id, name });
  }
  for (const { id, scheduledAt, activityType } of activities) {
    const name = `${at(scheduledAt)} ${activityType ?? ""}`.trim();
    records.push({ stream: "activities", id, name });
  }
  return records;
}

export default defineInWorkspace.page<typeof handler>(
  function PersonRaw({ data, state }) {
    const { tenant } = state.workspace;
    const { slug, timezone } = tenant;
    if (!data.person) {
      return (
        <>
          <PageHead title="Nobody is here" {...pageHeadProps(state)} />
          <NoPerson workspace={slug} />
        </>
      );
    }
    const { person, records, chosen, found, keptFrom } = data;
    return (
      <>
        <PageHead
          title="As ClientTether sent it"
          list={{ name: person.name, href: personHref(slug, person.id) }}
          {...pageHeadProps(state)}
        />
        <RawRecords
          person={person.id}
          records={records}
          chosen={chosen}
          {...found}
          keptFrom={keptFrom}
          tenant={{ id: tenant.id, slug }}
          timezone={timezone}
        />
      </>
    );
  },
);
