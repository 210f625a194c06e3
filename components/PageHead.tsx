import type { ComponentChildren } from "preact";
import { Head } from "fresh/runtime";
import {
  formatDateTime,
  formatDay,
  formatDayLong,
  type KeptDays,
  localDay,
  zoneName,
} from "../lib/domain/mod.ts";
import { EarlierDay } from "./EarlierDay.tsx";
import type { Query } from "./links.ts";
import { Logo, type LogoProps } from "./Logo.tsx";
import { PrintStyle } from "./PrintStyle.tsx";

export interface PageHeadProps {
  title: string;
  /** Name of the workspace. */
  brand: string;
  /** Its logo, where it has one. */
  logo?: LogoProps;
  /** IANA zone. */
  timezone: string;
  /** Epoch milliseconds. */
  now: number;
  /** Time of the data, ISO 8601. */
  dataFrom: string | null;
  /** The period that the figures are about, where there is one: printed. */
  period?: string;
  /** The list that the page belongs to: the way back. */
  list?: { name: string; href: string };
  /** Which days may be looked at, and what of the address stays; absent where a page knows no earlier day. */
  travel?: { kept: KeptDays; isPast: boolean; keep: Query };
  /** What the reader may choose for the whole page. */
  children?: ComponentChildren;
}

/** The title of a page, the day and the zone of its times; on paper what every sheet has to say. */
export function PageHead(props: PageHeadProps) {
  const { title, brand, logo, timezone, now, list, travel, children } = props;
  const today = localDay(now, timezone);
  const name = travel?.isPast ? `${title} on ${formatDay(today)}` : title;
  return (
    <div class="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 mb-5">
      <Head>
        <title>{`${name} - ${brand} - Tetherboard`}</title>
        <PrintStyle line={sheetLine(props)} />
      </Head>
      <div class="min-w-0">
        {list && (
          <p class="no-print">
            <a
              class="link text-small inline-flex items-center min-h-target lg:min-h-[1.5rem]"
              href={list.href}
              aria-current="false"
            >
              <span aria-hidden="true">←</span>&nbsp;{list.name}
            </a>
          </p>
        )}
        <div class="flex items-center gap-4">
          {logo && <Logo {...logo} />}
          <div class="min-w-0">
            <h1 class="text-title font-bold break-words">{title}</h1>
            <div class="text-ink-3">
              {travel
                ? <EarlierDay {...travel} day={today} />
                : formatDayLong(today)} · times in {zoneName(timezone)}
            </div>
          </div>
        </div>
        <p class="print-only text-small">{sheetLine(props)}</p>
      </div>
      {children}
    </div>
  );
}

function sheetLine(
  { brand, title, period, dataFrom, timezone, now, travel }: PageHeadProps,
): string {
  const asOf = travel?.isPast
    ? `as it stood on ${formatDay(localDay(now, timezone))}`
    : null;
  const data = dataFrom === null
    ? "no complete update yet"
    : `data of ${formatDateTime(dataFrom, timezone)} (${zoneName(timezone)})`;
  return [brand, title, asOf, period, data].filter(Boolean).join(" · ");
}
