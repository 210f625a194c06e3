import type { Activity } from "./_records.ts";
import type { Sheet } from "./_sheet.ts";
import type { State } from "./_state.ts";
import { counted, countText } from "./_words.ts";
import type { Get } from "./_world.ts";
import {
  cityOf,
  dayOf,
  mondayOf,
  plusDays,
  startOf,
  timeText,
  weekdayText,
} from "./_zone.ts";

const GROUPS = ["Today", "This week", "Later"];

/** Everything on the Schedule, as a list and by month. */
export async function checkSchedule(
  sheet: Sheet,
  get: Get,
  state: State,
): Promise<void> {
  const page = await get("/schedule");
  const { zone, now, coming } = state;
  const today = dayOf(now, zone);
  const tomorrow = startOf(plusDays(today, 1), zone);
  const monday = startOf(plusDays(mondayOf(today), 7), zone);
  const groupOf = ({ at }: Activity) =>
    GROUPS[at < tomorrow ? 0 : at < monday ? 1 : 2]!;
  for (const group of GROUPS) {
    const own = coming.filter((one) => groupOf(one) === group);
    sheet.says(page, group, counted(own.length, "activity", "activities"));
    sheet.table(
      page,
      {
        caption: `Activities: ${group}`,
        heads: [
          `Date and time (${cityOf(zone)})`,
          "Type",
          "Contact",
          "Description",
          "Status",
        ],
      },
      own.map(({ at, type, contact, description, status }) => {
        const day = dayOf(at, zone);
        const year = day.slice(0, 4) === today.slice(0, 4)
          ? ""
          : ` ${day.slice(0, 4)}`;
        const time = timeText(at, zone);
        const when = day === today
          ? time
          : `${weekdayText(day)}${year}, ${time}`;
        return [when, type, contact, description, status];
      }),
    );
  }
  for (
    const month of new Set(
      [today, ...coming.map(({ at }) => dayOf(at, zone))].map((day) =>
        day.slice(0, 7)
      ),
    )
  ) {
    const shown = await get("/schedule", { view: "month", month });
    const own = coming.filter(({ at }) => dayOf(at, zone).startsWith(month));
    sheet.same(
      `activities in ${month}`,
      shown.text.match(/([\d,]+) activit\w+ to come/)?.[1],
      countText(own.length),
    );
    const days = [...Map.groupBy(own, ({ at }) => dayOf(at, zone))];
    sheet.same(
      `days of ${month}`,
      shown.table(`Activities in ${monthText(month)}, by day`)?.rows.flat()
        .flatMap((cell) => cell.match(/\d\d:\d\d/g) ?? []),
      days.flatMap(([, some]) =>
        some.slice(0, 3).map(({ at }) => timeText(at, zone))
      ),
    );
  }
}

function monthText(month: string): string {
  return new Date(`${month}-01`).toLocaleDateString("en-US", {
    timeZone: "UTC",
    month: "long",
    year: "numeric",
  });
}
