import {
  type ActivityRow,
  dayStart,
  formatDay,
  formatDayLong,
  formatDayShort,
  formatTime,
  groupsAt,
  localDay,
  type ScheduleGroup,
  zoneName,
} from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { DataTable } from "./DataTable.tsx";
import { kept } from "./kept.ts";
import { pageHref, type Place } from "./links.ts";
import { personHref } from "./person_links.ts";
import { counted } from "./sentences.ts";

export interface ScheduleGroupsProps {
  /** Soonest first. */
  rows: readonly ActivityRow[];
  /** How many there are, where not all are shown. */
  total: number;
  /** Epoch milliseconds. */
  now: number;
  workspace: Place;
  timezone: string;
  /** Ids of those that were not there when the reader looked last. */
  fresh?: ReadonlySet<string>;
}

const GROUPS: ReadonlyArray<{ group: ScheduleGroup; title: string }> = [
  { group: "today", title: "Today" },
  { group: "week", title: "This week" },
  { group: "later", title: "Later" },
];

/** What is coming, in three parts. */
export function ScheduleGroups({ now, ...props }: ScheduleGroupsProps) {
  return <Groups {...props} today={localDay(now, props.timezone)} />;
}

type GroupsProps = Omit<ScheduleGroupsProps, "now"> & {
  /** YYYY-MM-DD. */
  today: string;
};

const Groups = kept(function Groups(props: GroupsProps) {
  const { rows, total, today, workspace, timezone } = props;
  const groupAt = groupsAt(dayStart(today, timezone), timezone);
  return (
    <div class="grid gap-4">
      {GROUPS.map(({ group, title }) => {
        const inGroup = rows.filter(({ scheduledAt }) =>
          groupAt(scheduledAt ?? "") === group
        );
        return (
          <Card
            key={group}
            title={title}
            says={counted(inGroup.length, "activity", "activities")}
          >
            <GroupTable
              title={title}
              rows={inGroup}
              {...{ today, workspace, timezone, fresh: props.fresh }}
            />
          </Card>
        );
      })}
      {total > rows.length && (
        <p class="text-small text-ink-3">
          The next {rows.length} of {counted(total, "activity", "activities")}
          {" "}
          are shown.
        </p>
      )}
    </div>
  );
});

function GroupTable(
  { title, rows, today, workspace, timezone, fresh }:
    & Pick<GroupsProps, "rows" | "today" | "workspace" | "timezone">
    & { title: string; fresh: ReadonlySet<string> | undefined },
) {
  const here = pageHref("/schedule", workspace);
  return (
    <DataTable
      stacks
      caption={`Activities: ${title}`}
      columns={[
        {
          kind: "text",
          head: `Date and time (${zoneName(timezone)})`,
          value: ({ scheduledAt }) => whenOf(scheduledAt, today, timezone),
        },
        {
          kind: "text",
          head: "Type",
          value: ({ activityType }) => activityType,
        },
        {
          kind: "text",
          head: "Contact",
          value: ({ contactName }) => contactName,
          href: ({ contactId }) =>
            contactId ? personHref(workspace, contactId, here) : undefined,
        },
        {
          kind: "text",
          head: "Description",
          wide: true,
          value: ({ description }) => description,
        },
        {
          kind: "badge",
          head: "Status",
          value: ({ status }) => status === null ? null : { text: status },
        },
      ]}
      rows={rows}
      rowKey={({ id }) => id}
      isNew={({ id }) => fresh?.has(id) ?? false}
      empty="Nothing is scheduled in this span."
    />
  );
}

/** "Tue 24 Nov, 09:00"; only the time where the heading says the day. */
function whenOf(
  iso: string | null,
  today: string,
  timezone: string,
): string | null {
  if (iso === null) return null;
  const day = localDay(Date.parse(iso), timezone);
  const time = formatTime(iso, timezone);
  if (day === today) return time;
  const weekday = formatDayLong(day).slice(0, 3);
  const thisYear = day.slice(0, 4) === today.slice(0, 4);
  const date = thisYear ? formatDayShort(day) : formatDay(day);
  return `${weekday} ${date}, ${time}`;
}
