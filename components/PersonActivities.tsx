import {
  type ActivityRow,
  formatDateTime,
  isOpenActivity,
  zoneName,
} from "../lib/domain/mod.ts";
import { Badge } from "./Badge.tsx";
import { Card } from "./Card.tsx";
import { counted } from "./sentences.ts";

export interface PersonActivitiesProps {
  /** Soonest first. */
  rows: readonly ActivityRow[];
  /** Whether the account serves activities. */
  connected: boolean;
  /** Epoch milliseconds. */
  now: number;
  timezone: string;
}

/** What is coming and what is over of a person's activities. */
export function PersonActivities(props: PersonActivitiesProps) {
  const { rows, connected, now, timezone } = props;
  const isComing = ({ scheduledAt }: ActivityRow) =>
    scheduledAt !== null && Date.parse(scheduledAt) > now;
  const coming = rows.filter(isComing);
  const over = rows.filter((row) => !isComing(row)).reverse();
  return (
    <Card
      id="activities"
      title={counted(rows.length, "activity", "activities")}
      says={rows.length > 0 ? `Times in ${zoneName(timezone)}.` : null}
    >
      {rows.length === 0 && (
        <p class="text-ink-2">
          {connected
            ? "Nothing is scheduled, and nothing was since the portal reads the calendar."
            : "Unknown: this ClientTether account does not serve scheduled activities."}
        </p>
      )}
      <div class="grid gap-5">
        <Part title="Coming" rows={coming} timezone={timezone} />
        <Part title="Past" rows={over} timezone={timezone} />
      </div>
    </Card>
  );
}

function Part(
  { title, rows, timezone }: {
    title: string;
    rows: readonly ActivityRow[];
    timezone: string;
  },
) {
  if (rows.length === 0) return null;
  return (
    <section>
      <h3 class="text-small font-semibold text-ink-2">{title}</h3>
      <ol class="divide-y divide-line">
        {rows.map((row) => (
          <li key={row.id} class="py-2 whole">
            <p class="flex flex-wrap items-center justify-between gap-x-4">
              <span class="font-semibold">
                {row.activityType ?? "Type not recorded"}
              </span>
              <span class="text-small text-ink-3">
                {row.scheduledAt === null
                  ? "No date"
                  : formatDateTime(row.scheduledAt, timezone)}
              </span>
            </p>
            {row.description && (
              <p class="text-small text-ink-2 break-words">{row.description}</p>
            )}
            {row.status && (
              <Badge tone={isOpenActivity(row.status) ? "accent" : "plain"}>
                {row.status}
              </Badge>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
