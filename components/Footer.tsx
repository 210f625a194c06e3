import { formatDateTime, formatRelative, zoneName } from "../lib/domain/mod.ts";
import { definitionsOf, type FigureSettings } from "./definitions.ts";
import { kept } from "./kept.ts";

export interface FooterProps {
  /** Path of the page among the seven. */
  path: string;
  settings: FigureSettings;
  /** The last complete update, ISO 8601. */
  lastSyncAt: string | null;
  /** Epoch milliseconds. */
  now: number;
  /** Whether the page shows an earlier day. */
  isPast?: boolean;
}

/** Where the figures come from, and what they mean. */
export function Footer(props: FooterProps) {
  const { path, settings, lastSyncAt, now, isPast = false } = props;
  const { timezone } = settings;
  return (
    <footer
      class="mx-auto max-w-page px-4 sm:px-6 pt-2 pb-12 text-small text-ink-3"
      data-live
    >
      <p>
        Figures from ClientTether. {lastSyncAt && (
          isPast
            ? `As they stood on ${formatDateTime(lastSyncAt, timezone)} (${
              zoneName(timezone)
            }).`
            : `Last complete update ${
              formatRelative(lastSyncAt, now, timezone)
            } (${zoneName(timezone)}).`
        )}
      </p>
      <Definitions path={path} settings={settings} />
    </footer>
  );
}

const Definitions = kept(function Definitions(
  { path, settings }: Pick<FooterProps, "path" | "settings">,
) {
  return (
    <details class="no-print">
      <summary class="opens inline-flex items-center min-h-target lg:min-h-[2rem] hover:text-ink">
        What do these numbers mean?
      </summary>
      <dl class="mt-2 grid gap-3 max-w-prose">
        {definitionsOf(path, settings).map(({ term, meaning }) => (
          <div key={term}>
            <dt class="font-semibold text-ink-2">{term}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
});
