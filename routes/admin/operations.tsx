import { Fragment } from "preact";
import { Head } from "fresh/runtime";
import { page } from "fresh";
import { adminTenantPath, agoText } from "../../components/admin_words.ts";
import { Card } from "../../components/Card.tsx";
import { FILTER_WORDS } from "../../components/fleet_words.ts";
import { FleetTable } from "../../components/FleetTable.tsx";
import { NumberedPages } from "../../components/NumberedPages.tsx";
import { QueryNotice } from "../../components/QueryNotice.tsx";
import { Segments } from "../../components/Segments.tsx";
import { counted } from "../../components/sentences.ts";
import {
  FLEET_FILTERS,
  type FleetEntry,
  type FleetFilter,
  formatCount,
  isInFleet,
  isUntold,
} from "../../lib/domain/mod.ts";
import {
  choiceParam,
  defineSignedIn,
  localUrl,
  pageParam,
  readFleet,
  readQuery,
} from "../../lib/web/mod.ts";

const QUERY = {
  state: choiceParam(FLEET_FILTERS, "all"),
  page: pageParam(),
};
const PAGE_SIZE = 50;
/** Brands that are named of those whose alert was given up. */
const NAMED = 5;

export const handler = defineSignedIn.handlers({
  async GET({ url, state: { services } }) {
    const { store, clock, isAlerting = false } = services;
    const { values, problems } = readQuery(url, QUERY);
    const { at, entries, lastTickAt } = await readFleet(store, clock);
    const found = entries.filter((entry) => isInFleet(entry, values.state));
    const from = (values.page - 1) * PAGE_SIZE;
    return page({
      problems,
      state: values.state,
      page: values.page,
      entries: found.slice(from, from + PAGE_SIZE),
      found: found.length,
      untold: entries.filter(isUntold),
      counts: FLEET_FILTERS.map((filter) => ({
        filter,
        count: entries.filter((entry) => isInFleet(entry, filter)).length,
      })),
      isAlerting,
      time: new Date(at).toISOString().slice(11, 19),
      tickAge: lastTickAt === null
        ? null
        : Math.max(0, Math.floor((at - Date.parse(lastTickAt)) / 1000)),
    });
  },
});

const hrefOf = (state: FleetFilter, page = 1) =>
  localUrl("/admin/operations", {
    state: state === "all" ? null : state,
    page: page === 1 ? null : String(page),
  });

export default defineSignedIn.page<typeof handler>(
  function AdminOperations({ data }) {
    const { entries, state } = data;
    const trouble = data.counts.find(({ filter }) => filter === "trouble");
    return (
      <>
        <Head>
          <title>Operations - Tetherboard</title>
        </Head>
        <h1 class="mb-5 text-title font-bold">Operations</h1>
        <QueryNotice problems={data.problems} />
        <Untold entries={data.untold} />
        <Card
          title="The fleet"
          says={`${
            trouble?.count
              ? `${counted(trouble.count, "brand")} in trouble`
              : "No brand is in trouble"
          }, as of ${data.time} UTC. Last hourly tick: ${
            agoText(data.tickAge)
          }. ${
            data.isAlerting
              ? "Trouble and recovery are told to the webhook."
              : "Nobody is told of trouble: ALERT_WEBHOOK_URL is not set."
          }`}
        >
          <div class="mb-4">
            <Segments
              label="State"
              choices={data.counts.map(({ filter, count }) => ({
                label: `${FILTER_WORDS[filter]} ${formatCount(count)}`,
                href: hrefOf(filter),
                chosen: filter === state,
              }))}
            />
          </div>
          <FleetTable entries={entries} />
          <NumberedPages
            page={data.page}
            size={PAGE_SIZE}
            found={data.found}
            order="the worst first"
            hrefOf={(page) => hrefOf(state, page)}
            nextLabel="Next brands"
          />
        </Card>
      </>
    );
  },
);

/** Of whom nobody could be told. */
function Untold({ entries }: { entries: readonly FleetEntry[] }) {
  if (entries.length === 0) return null;
  const others = entries.length - NAMED;
  return (
    <div
      role="status"
      class="mb-4 rounded-control bg-alarm text-alarm-ink px-4 py-3"
    >
      The webhook did not take the alerts of{" "}
      {entries.slice(0, NAMED).map((entry, n) => (
        <Fragment key={entry.id}>
          {n > 0 && ", "}
          <a class="link font-semibold" href={adminTenantPath(entry)}>
            {entry.name}
          </a>
        </Fragment>
      ))}
      {others > 0 && ` and ${counted(others, "other")}`}. They are not tried
      again: look after the brands, and at ALERT_WEBHOOK_URL.
    </div>
  );
}
