// Single files of the domain and not its mod.ts: an island carries what it imports to the browser.
import {
  freshness,
  laggingSentence,
  laggingStreams,
} from "../lib/domain/freshness.ts";
import type {
  FreshnessLevel,
  RunStatus,
  StreamResults,
} from "../lib/domain/sync_status.ts";
import { momentText } from "./moment_text.ts";

/** What is known of a workspace's syncs: a part of the sync state, and of the status endpoint. */
export interface SyncFacts {
  lastSyncAt: string | null;
  /** How old that is by the server's clock; the status endpoint says so. */
  ageSeconds?: number | null;
  /** Grows with every run that changed anything shown. */
  dataVersion?: number;
  /** Of the latest run; null before the first. */
  status: RunStatus | null;
  streams: StreamResults;
  /** What the latest run says of its failure, for people. */
  errorMessage?: string | null;
}

/** What the freshness banner says. */
export interface BannerView {
  level: FreshnessLevel;
  /** Fresh, and no stream is older than the rest: a quiet line and no strip. */
  quiet: boolean;
  message: string;
  /** Sentences beside it: the last complete update, streams that lag, why. */
  details: string[];
}

/**
 * The banner at a moment.
 *
 * @param now epoch milliseconds
 * @param timezone IANA zone of the tenant
 * @param silence why nothing newer can be known, such as "You are offline."; then how old the data is says
 * nothing of the syncs
 */
export function bannerView(
  facts: SyncFacts,
  now: number,
  timezone: string,
  silence: string | null = null,
): BannerView {
  const { lastSyncAt, level, isStale, message } = freshness(
    facts.lastSyncAt,
    now,
  );
  const failed = facts.status === "failed";
  const timeText = (iso: string) => momentText(iso, now, timezone);
  if (silence !== null) {
    const details = lastSyncAt === null
      ? []
      : [`Showing data of ${timeText(lastSyncAt)}.`];
    return { level, quiet: false, message: silence, details };
  }
  const lagging = lastSyncAt === null ? null : laggingSentence(
    laggingStreams(facts.streams, lastSyncAt),
    timeText,
  );
  const details = [
    isStale && lastSyncAt !== null &&
    `Last complete update ${timeText(lastSyncAt)} (${city(timezone)}).`,
    lagging,
    failed && (isStale || lagging) && facts.errorMessage &&
    asSentence(facts.errorMessage),
  ];
  return {
    level,
    quiet: level === "fresh" && lagging === null,
    message: level === "never" && failed ? NOT_IMPORTED : message,
    details: details.filter((detail) => typeof detail === "string"),
  };
}

const NOT_IMPORTED =
  "The first import has not finished yet. It is tried again every hour; figures appear after its first complete update.";

/** What `zoneName` of the domain says, without the calendar that comes with it. */
function city(timezone: string): string {
  return timezone.slice(timezone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
