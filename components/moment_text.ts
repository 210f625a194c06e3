/**
 * A moment as the banner names it: "today, 08:02", else "16 Nov, 08:02", by the clocks of `timezone`.
 *
 * Written on Intl alone: the banner is on every page, and the domain's calendar would be a tenth of what its
 * island carries to the browser. Put together by hand, so that server and browser write the same.
 *
 * @param now epoch milliseconds
 */
export function momentText(iso: string, now: number, timezone: string): string {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
  const wall = (time: number) =>
    Object.fromEntries(
      format.formatToParts(time).map(({ type, value }) => [type, value]),
    );
  const [then, today] = [wall(Date.parse(iso)), wall(now)];
  const isToday = then.day === today.day && then.month === today.month &&
    then.year === today.year;
  const day = isToday ? "today" : `${then.day} ${then.month}`;
  return `${day}, ${then.hour}:${then.minute}`;
}
