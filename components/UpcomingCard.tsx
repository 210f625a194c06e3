import {
  type ActivityRow,
  formatCount,
  formatTime,
  localDay,
  relativeDay,
  zoneName,
} from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { pageHref, type Place } from "./links.ts";
import { NotConnected } from "./NotConnected.tsx";
import { NotKept } from "./NotKept.tsx";
import { PersonLink } from "./PersonLink.tsx";

export interface UpcomingCardProps {
  /** Soonest first, this week's only. */
  rows: readonly ActivityRow[];
  /** How many there are this week, where not all are shown. */
  more: number;
  connected: boolean;
  /** Of an earlier day: why its activities are not known. */
  notKept?: "beyond" | "unsettled" | null;
  now: number;
  workspace: Place;
  timezone: string;
  /** The schedule page. */
  href: string;
}

/** The next activities of this week. */
export function UpcomingCard(props: UpcomingCardProps) {
  const { rows, more, connected, notKept, now, workspace, timezone, href } =
    props;
  return (
    <Card
      title="Due this week"
      says={`Times in ${zoneName(timezone)}.`}
      aside={
        <a
          class="link text-small inline-flex items-center min-h-target lg:min-h-[1.5rem]"
          href={href}
        >
          Whole schedule
        </a>
      }
    >
      {notKept
        ? <NotKept what="schedule" why={notKept} />
        : !connected
        ? <NotConnected />
        : rows.length === 0
        ? (
          <EmptyState title="Nothing more is scheduled this week.">
            What is planned in ClientTether appears here with the next update.
          </EmptyState>
        )
        : (
          <ul class="divide-y divide-line">
            {rows.map((row) => (
              <li key={row.id} class="flex justify-between gap-4 py-2">
                <p class="min-w-0">
                  <span class="font-semibold">
                    {row.activityType ?? "Activity"}
                  </span>{" "}
                  {row.contactName && (
                    <PersonLink
                      id={row.contactId}
                      name={row.contactName}
                      workspace={workspace}
                      list={pageHref("/dashboard", workspace)}
                    />
                  )}
                </p>
                <p class="flex-none text-ink-3">
                  {whenOf(row.scheduledAt, now, timezone)}
                </p>
              </li>
            ))}
          </ul>
        )}
      {connected && more > 0 && (
        <p class="mt-2 text-small text-ink-3">
          <a class="link inline-block py-1 -my-1" href={href}>
            {formatCount(more)} more this week
          </a>{" "}
          on the schedule.
        </p>
      )}
    </Card>
  );
}

function whenOf(iso: string | null, now: number, timezone: string): string {
  if (iso === null) return "";
  const day = relativeDay(localDay(Date.parse(iso), timezone), now, timezone);
  return `${day} ${formatTime(iso, timezone)}`;
}
