import {
  formatDateTime,
  prettyJson,
  type StreamName,
  zoneName,
} from "../lib/domain/mod.ts";
import { adminTenantPath, streamWord } from "./admin_words.ts";
import { Card } from "./Card.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { rawHref } from "./person_links.ts";
import { ScrollBox } from "./ScrollBox.tsx";

/** A stored record of a person. */
export interface PersonRecord {
  stream: StreamName;
  id: string;
  /** What tells it from the others of its kind. */
  name: string;
}

export interface RawRecordsProps {
  person: string;
  records: readonly PersonRecord[];
  chosen: PersonRecord;
  /** What was found of the chosen one. */
  raw: string | null;
  broughtBy: { runId: string; fetchedAt: string } | null;
  orEarlier: boolean;
  /** Raw that was fetched before is no longer kept, ISO 8601 UTC; null where all of it is. */
  keptFrom: string | null;
  tenant: { id: string; slug: string };
  timezone: string;
}

/** What ClientTether sent of one record of a person, with the run that brought it; links to the others. */
export function RawRecords(props: RawRecordsProps) {
  const { person, records, chosen, raw, tenant } = props;
  const streams = [...new Set(records.map(({ stream }) => stream))];
  return (
    <div class="grid gap-4 lg:grid-cols-3 items-start">
      <Card title="Records" says="What is stored of this person.">
        <nav aria-label="Records of the person" class="grid gap-4">
          {streams.map((stream) => (
            <section key={stream}>
              <h3 class="text-small font-semibold text-ink-2">
                {streamWord(stream)}
              </h3>
              <ul>
                {records.filter((record) => record.stream === stream).map((
                  record,
                ) => (
                  <li key={record.id}>
                    <a
                      class="link inline-block py-1.5 break-words"
                      href={rawHref(tenant.slug, person, {
                        stream,
                        record: record.id,
                      })}
                      aria-current={record === chosen ? "true" : "false"}
                    >
                      {record.name}
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </nav>
      </Card>
      <div class="lg:col-span-2 min-w-0">
        <Card
          title={`${streamWord(chosen.stream)}: ${chosen.name}`}
          says={<BroughtBy {...props} />}
        >
          {raw === null
            ? (
              <EmptyState title="What ClientTether sent is no longer kept.">
                Raw answers are dropped when their time is over; the record that
                was made of this one stays.
              </EmptyState>
            )
            : (
              <ScrollBox label="The record as ClientTether sent it">
                <pre class="px-3 text-small">{prettyJson(raw)}</pre>
              </ScrollBox>
            )}
        </Card>
      </div>
    </div>
  );
}

function BroughtBy(
  { broughtBy, orEarlier, keptFrom, tenant, timezone }: RawRecordsProps,
) {
  if (!broughtBy) {
    return (
      <>
        Which sync brought it is not known: {keptFrom === null
          ? "no kept answer holds it."
          : `raw answers from before ${
            formatDateTime(keptFrom, timezone)
          } are no longer kept.`}
      </>
    );
  }
  const run = `${adminTenantPath(tenant)}/runs/${broughtBy.runId}`;
  return (
    <>
      As ClientTether sent it. Brought by the{" "}
      <a class="link" href={run}>
        sync of {formatDateTime(broughtBy.fetchedAt, timezone)}
      </a>{" "}
      ({zoneName(timezone)}){orEarlier && keptFrom !== null
        ? ", or by an earlier one whose answers are no longer kept."
        : "."}
    </>
  );
}
