import type { ComponentChildren } from "preact";
import { formatDay, localDay, zoneName } from "../lib/domain/mod.ts";

export interface PageHeadProps {
  title: string;
  /** Epoch milliseconds. */
  now: number;
  /** IANA zone. */
  timezone: string;
  /** What the reader may choose for the whole page. */
  children?: ComponentChildren;
}

/** The title of a page, the day and the zone of its times. */
export function PageHead({ title, now, timezone, children }: PageHeadProps) {
  return (
    <div class="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 mb-5">
      <div>
        <h1 class="text-title font-bold">{title}</h1>
        <p class="text-ink-3">
          {formatDay(localDay(now, timezone))} · times in {zoneName(timezone)}
        </p>
      </div>
      {children}
    </div>
  );
}
