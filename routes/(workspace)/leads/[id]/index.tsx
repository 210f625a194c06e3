import { page } from "fresh";
import { placeOf } from "../../../../components/links.ts";
import { NoPerson } from "../../../../components/NoPerson.tsx";
import { NotKept } from "../../../../components/NotKept.tsx";
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
  async GET({ url, state: { workspace, services, travel } }) {
    const { store, tenant, sync } = workspace;
    const list = listLink(url, tenant.slug, "/leads", travel?.past);
    const [person, untold] = await Promise.all([
      store.person(idInPath(url), { notes: NOTES }),
      store.untold("cycles", "leads", "opportunities", "activities"),
    ]);
    if (!person) return page({ list, untold, person: null }, { status: 404 });
    const model = buildStageModel(person.cycles, tenant);
    const { lead, opportunities, removedAt, stays } = person;
    const lastUpdate = sync.lastSyncAt ?? isoNow(services.clock);
    return page({
      list,
      untold,
      person: {
        ...person,
        name: lead ? nameOf(lead) : untold ? "A person" : nameLeft(person),
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
  function Person({ data: { person, list, untold }, state }) {
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
          <NoPerson
            workspace={placeOf(state)}
            isPast={state.travel?.past != null}
          />
        </>
      );
    }
    const { lead, stage, deals } = person;
    const connected = sync.streams.activities?.status !== "not_connected";
    const isPast = state.travel?.past != null;
    // What is sent by now says nothing of an earlier day.
    const rawLink = role === "agency_admin" && !isPast && (
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
        {!lead && !untold && (
          <PersonGone removedAt={person.removedAt} timezone={timezone} />
        )}
        <div class="grid gap-4">
          {untold && <NotKept what="person" why={untold} />}
          {lead && stage && (
            <PersonDetails
              lead={lead}
              stage={stage}
              timezone={timezone}
              aside={rawLink}
            />
          )}
          {!untold && (
            <PersonDeals
              deals={deals}
              currency={currency}
              timezone={timezone}
            />
          )}
          <div class="grid gap-4 lg:grid-cols-2 items-start">
            <PersonNotes
              id={person.id}
              rows={person.notes}
              total={person.noteCount}
              workspace={placeOf(state)}
              timezone={timezone}
              isPast={isPast}
            />
            <div class="grid gap-4 min-w-0">
              {!untold && (
                <>
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
                </>
              )}
            </div>
          </div>
        </div>
        {lead && stage && <Remarks sentences={personRemarks(lead, stage)} />}
      </>
    );
  },
);
