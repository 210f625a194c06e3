import { page } from "fresh";
import { NoPerson } from "../../../../components/NoPerson.tsx";
import { pageHeadProps } from "../../../../components/page_head_props.ts";
import { PageHead } from "../../../../components/PageHead.tsx";
import { rawHref } from "../../../../components/person_links.ts";
import { PersonActivities } from "../../../../components/PersonActivities.tsx";
import { PersonDeals } from "../../../../components/PersonDeals.tsx";
import { PersonDetails } from "../../../../components/PersonDetails.tsx";
import { PersonHistory } from "../../../../components/PersonHistory.tsx";
import { PersonGone } from "../../../../components/PersonGone.tsx";
import { PersonNotes } from "../../../../components/PersonNotes.tsx";
import { Remarks } from "../../../../components/Remarks.tsx";
import { personRemarks } from "../../../../components/sentences.ts";
import {
  buildStageModel,
  dealOf,
  isoNow,
  nameOf,
  stageTimeline,
  UNNAMED,
} from "../../../../lib/domain/mod.ts";
import type { PersonRecords } from "../../../../lib/store/mod.ts";
import {
  defineInWorkspace,
  idInPath,
  listLink,
} from "../../../../lib/web/mod.ts";

/** Shown on the page; the others are in the list of notes. */
const NOTES = 10;

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace, services } }) {
    const { store, tenant, sync } = workspace;
    const list = listLink(url, tenant.slug, "/leads");
    const person = await store.person(idInPath(url), { notes: NOTES });
    if (!person) return page({ list, person: null }, { status: 404 });
    const model = buildStageModel(person.cycles, tenant);
    const { lead, opportunities, removedAt, stays } = person;
    const lastUpdate = sync.lastSyncAt ?? isoNow(services.clock);
    return page({
      list,
      person: {
        ...person,
        name: lead ? nameOf(lead) : nameLeft(person),
        deals: opportunities.map((one) => dealOf(one, lead, model)),
        histories: [
          {
            opportunity: null,
            stays: stageTimeline(stays, lead ? null : removedAt, lastUpdate),
          },
          ...opportunities.map(({ id, dealSizeCents, stays }) => ({
            opportunity: { id, dealSizeCents },
            stays: stageTimeline(stays, null, lastUpdate),
          })),
        ],
        stage: lead && model.stageOf(lead.contactType, lead.stage),
      },
    }, { status: removedAt !== null && !lead ? 410 : 200 });
  },
});

/** What other records still call somebody whom ClientTether lists no longer. */
function nameLeft({ opportunities, activities }: PersonRecords): string {
  const names = [
    ...opportunities.map(nameOf),
    ...activities.map(({ contactName }) => contactName ?? UNNAMED),
  ];
  return names.find((name) => name !== UNNAMED) ?? "A person without a name";
}

export default defineInWorkspace.page<typeof handler>(
  function Person({ data: { person, list }, state }) {
    const { tenant, sync, role } = state.workspace;
    const { slug, currency, timezone } = tenant;
    if (!person) {
      return (
        <>
          <PageHead
            title="Nobody is here"
            list={list}
            {...pageHeadProps(state)}
          />
          <NoPerson workspace={slug} />
        </>
      );
    }
    const { lead, stage, deals } = person;
    const connected = sync.streams.activities?.status !== "not_connected";
    const rawLink = role === "agency_admin" && (
      <a
        class="link text-small inline-flex items-center min-h-target lg:min-h-[1.5rem] no-print"
        href={rawHref(slug, person.id)}
        aria-current="false"
      >
        As ClientTether sent it
      </a>
    );
    return (
      <>
        <PageHead title={person.name} list={list} {...pageHeadProps(state)} />
        {!lead && (
          <PersonGone removedAt={person.removedAt} timezone={timezone} />
        )}
        <div class="grid gap-4">
          {lead && stage && (
            <PersonDetails
              lead={lead}
              stage={stage}
              timezone={timezone}
              aside={rawLink}
            />
          )}
          <PersonDeals deals={deals} currency={currency} timezone={timezone} />
          <div class="grid gap-4 lg:grid-cols-2 items-start">
            <PersonNotes
              id={person.id}
              rows={person.notes}
              total={person.noteCount}
              workspace={slug}
              timezone={timezone}
            />
            <div class="grid gap-4 min-w-0">
              <PersonHistory
                histories={person.histories}
                currency={currency}
                timezone={timezone}
              />
              <PersonActivities
                rows={person.activities}
                connected={connected}
                now={state.services.clock.now()}
                timezone={timezone}
              />
            </div>
          </div>
        </div>
        {lead && stage && <Remarks sentences={personRemarks(lead, stage)} />}
      </>
    );
  },
);
