import { Card } from "./Card.tsx";
import { cx } from "./cx.ts";

const LINK = cx("link inline-block py-2 md:py-0");

export interface LatestReportProps {
  /** The list of reports. */
  href: string;
  /** The newest one. */
  latestHref: string;
}

/** The ways to the weekly reports. */
export function LatestReport({ href, latestHref }: LatestReportProps) {
  return (
    <Card
      title="Weekly reports"
      says="A report holds the figures of its week as they were when the week ended."
    >
      <p class="flex flex-wrap gap-x-6">
        <a class={LINK} href={latestHref}>Open the latest report</a>
        <a class={LINK} href={href}>All reports</a>
      </p>
    </Card>
  );
}
