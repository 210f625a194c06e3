import { formatDateTime, type WeeklyReport } from "../lib/domain/mod.ts";
import { cx } from "./cx.ts";
import { hereHref } from "./links.ts";

export interface ReportVersionsProps {
  /** Newest first. */
  versions: readonly WeeklyReport[];
  /** The one that the page shows. */
  shown: number;
  workspace: string;
  timezone: string;
}

const NOTICE = cx("no-print mb-4 rounded-card border px-4 py-3");
const LINK = cx("link inline-flex items-center min-h-target md:min-h-[1.5rem]");

/** Which version the page shows, and the ways to the others; nothing where there is one alone. */
export function ReportVersions(
  { versions, shown, workspace, timezone }: ReportVersionsProps,
) {
  if (versions.length < 2) return null;
  const [newest] = versions;
  const isOld = newest !== undefined && newest.version !== shown;
  return (
    <nav
      aria-label="Versions of this report"
      class={cx(
        NOTICE,
        isOld
          ? "border-warn-line bg-warn text-warn-ink"
          : "border-line bg-surface",
      )}
    >
      <p>
        {isOld
          ? `This is version ${shown}. A newer one has corrected figures.`
          : "The figures of this report were corrected."}
      </p>
      <ul class="flex flex-wrap gap-x-4">
        {versions.map((one, index) => (
          <li key={one.version}>
            {one.version === shown
              ? (
                <span class="inline-flex items-center min-h-target md:min-h-[1.5rem] font-semibold">
                  {nameOf(one, timezone)}
                </span>
              )
              : (
                <a
                  class={LINK}
                  href={hereHref(
                    workspace,
                    index === 0 ? {} : { version: one.version },
                  )}
                >
                  {nameOf(one, timezone)}
                </a>
              )}
          </li>
        ))}
      </ul>
    </nav>
  );
}

function nameOf(
  { version, correctedAt, frozenAt, publishedAt }: WeeklyReport,
  timezone: string,
): string {
  const at = formatDateTime(correctedAt ?? frozenAt, timezone);
  const what = correctedAt ? "corrected on" : "of";
  const draft = publishedAt === null ? ", draft" : "";
  return `Version ${version}, ${what} ${at}${draft}`;
}
