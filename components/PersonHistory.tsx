import {
  formatDateTime,
  formatMoney,
  type TimelineStay,
  zoneName,
} from "../lib/domain/mod.ts";
import { Badge } from "./Badge.tsx";
import { Card } from "./Card.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { counted } from "./sentences.ts";

/** The stays of one record: of the person, or of an opportunity. */
export interface RecordHistory {
  /** Null: the person's own. */
  opportunity: { id: string; dealSizeCents: number | null } | null;
  /** The newest first. */
  stays: readonly TimelineStay[];
}

export interface PersonHistoryProps {
  histories: readonly RecordHistory[];
  currency: string;
  timezone: string;
}

/** Where a person and the opportunities stood, and for how long, as the hourly updates saw it. */
export function PersonHistory(
  { histories, currency, timezone }: PersonHistoryProps,
) {
  const shown = histories.filter(({ stays }) => stays.length > 0);
  const several = shown.length > 1;
  return (
    <Card
      id="history"
      title="Stage history"
      says={shown.length > 0
        ? `As hourly updates saw it; times in ${zoneName(timezone)}.`
        : null}
    >
      {shown.length === 0
        ? (
          <EmptyState title="No history is kept yet.">
            It begins with the next update.
          </EmptyState>
        )
        : (
          <div class="grid gap-5">
            {shown.map(({ opportunity, stays }) => (
              <section key={opportunity ? `o${opportunity.id}` : "person"}>
                {(several || opportunity) && (
                  <h3 class="text-small font-semibold text-ink-2">
                    {opportunity
                      ? opportunity.dealSizeCents === null
                        ? "Opportunity without a deal size"
                        : `Opportunity of ${
                          formatMoney(opportunity.dealSizeCents, currency)
                        }`
                      : "Person"}
                  </h3>
                )}
                <ol class="mt-2 grid gap-3 border-l border-line pl-4">
                  {stays.map((stay) => (
                    <li key={stay.from}>
                      <Badge tone={stay.to === null ? "accent" : "plain"}>
                        {stay.stage}
                      </Badge>
                      <p class="text-small text-ink-2">{daysText(stay)}</p>
                      <p class="text-small text-ink-3">
                        {spanText(stay, timezone)}
                      </p>
                    </li>
                  ))}
                </ol>
              </section>
            ))}
          </div>
        )}
    </Card>
  );
}

function daysText({ days, to, atLeast }: TimelineStay): string {
  const length = days === 0 ? "under a day" : counted(days, "day");
  if (!atLeast) return to === null ? `${length} so far` : length;
  return days === 0 ? "how long is not known yet" : `at least ${length}`;
}

function spanText(
  { from, to, atLeast }: TimelineStay,
  timezone: string,
): string {
  const at = (iso: string) => formatDateTime(iso, timezone);
  const begin = atLeast
    ? `since ${at(from)} or earlier: it was there when the portal looked first`
    : `since ${at(from)}`;
  return to === null ? begin : `${begin}, until ${at(to)}`;
}
