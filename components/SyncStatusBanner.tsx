import type { BannerView } from "./banner_view.ts";
import { cx } from "./cx.ts";

export interface SyncStatusBannerProps {
  view: BannerView;
  /** What has come since the page was opened. */
  news?: BannerNews | null;
}

/** New figures: in the page already, or to be had where `href` leads. */
export type BannerNews = { updated: string } | { href: string };

const STRIPS: Record<BannerView["level"], string> = {
  fresh: cx("bg-warn border-warn-line text-warn-ink"),
  stale: cx("bg-warn border-warn-line text-warn-ink"),
  late: cx("bg-warn border-warn-line text-warn-ink border-b-4 font-semibold"),
  critical: cx(
    "bg-alarm border-alarm-line text-alarm-ink border-b-4 font-semibold",
  ),
  never: cx("bg-accent-weak border-line text-ink"),
};

const INSIDE = cx(
  "mx-auto max-w-page px-4 sm:px-6 flex flex-wrap items-center gap-x-2 min-h-strip",
);

/**
 * How old the data is. Fresh data is quiet: a dot and a few words. Stale data is a strip under the header
 * that cannot be overlooked and does not shout.
 */
export function SyncStatusBanner({ view, news }: SyncStatusBannerProps) {
  const { level, quiet, message, details } = view;
  return (
    <section
      aria-label="Age of the data"
      class={quiet
        ? cx("text-small text-ink-3 no-print")
        : cx("border-b mb-3", STRIPS[level])}
      data-freshness={level}
    >
      <div class={cx(INSIDE, !quiet && "py-2")}>
        {quiet && <Dot />}
        <p>
          <span>{message}</span>
          {details.length > 0 &&
            `${/[.!?]$/.test(message) ? "" : "."} ${details.join(" ")}`}
        </p>
        <p role="status">
          {news &&
            ("updated" in news
              ? <span class="sr-only">{news.updated}</span>
              : (
                <>
                  New figures are here.{" "}
                  <a class="link font-semibold" href={news.href}>Show them</a>
                </>
              ))}
        </p>
      </div>
    </section>
  );
}

function Dot() {
  return (
    <svg class="w-2 h-2" viewBox="0 0 8 8" aria-hidden="true">
      <circle cx="4" cy="4" r="4" class="fill-up" />
    </svg>
  );
}
