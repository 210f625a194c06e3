import { formatDateTime, zoneName } from "../lib/domain/mod.ts";
import { Button } from "./Button.tsx";
import { Card } from "./Card.tsx";
import { CopyField } from "./CopyField.tsx";

export interface CalendarFeedProps {
  action: string;
  /** When the address that works was made, ISO 8601; null where there is none. */
  since: string | null;
  /** The address, where it has just been made: shown this once. */
  address: string | null;
  timezone: string;
}

/** The schedule in one's own calendar: makes the address that a calendar program subscribes to, and ends it. */
export function CalendarFeed(props: CalendarFeedProps) {
  const { action, since, address, timezone } = props;
  return (
    <div class="no-print" id="calendar">
      <Card
        title="In your own calendar"
        says="A calendar program asks at this address once an hour and shows the schedule beside your own appointments."
      >
        {address && (
          <div class="grid gap-2" role="status">
            <CopyField
              id="calendar-address"
              label="Your calendar address, shown this once"
              value={address}
            />
            <p class="text-small text-ink-3">
              <a class="link" href={address.replace(/^https?:/, "webcal:")}>
                Open in your calendar program
              </a>{" "}
              or add it there as a calendar by address. Whoever has it can read
              the schedule: keep it to yourself.
            </p>
          </div>
        )}
        {!address && since && (
          <p class="text-small">
            Your address was made on {formatDateTime(since, timezone)}{" "}
            ({zoneName(timezone)}). It is kept as a check sum, so that it cannot
            be shown again. A new password ends it.
          </p>
        )}
        <form
          method="post"
          action={action}
          class="mt-3 flex flex-wrap items-center gap-2"
        >
          <Button name="do" value="make">
            {since || address
              ? "Make a new address, end this one"
              : "Make a calendar address"}
          </Button>
          {(since || address) && (
            <Button name="do" value="end">End this address</Button>
          )}
        </form>
      </Card>
    </div>
  );
}
