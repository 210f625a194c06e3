import type { StreamName } from "../lib/domain/records.ts";
import type { RunProgress, RunStanding } from "../lib/domain/sync_status.ts";
import { durationText, streamWord } from "./admin_words.ts";

/** What a page says of a sync that is under way. Made on the server alone, so that all words are in one place. */
export interface RunWatchView {
  /** Where the run has its page. */
  href: string;
  /** Whether there is more to come. */
  underWay: boolean;
  /** One sentence, which is heard when it changes. */
  says: string;
  streams: Array<{ name: string; state: string; records: string }>;
}

const ORDER: readonly StreamName[] = [
  "cycles",
  "leads",
  "opportunities",
  "notes",
  "activities",
];
const count = (records: number) => records.toLocaleString("en-US");

/** The streams of a run that is under way, in the order in which they are read. */
function streamsView(progress: RunProgress): RunWatchView["streams"] {
  return ORDER.map((stream) => {
    const name = streamWord(stream);
    const now = progress[stream];
    if (!now) return { name, state: "Waiting", records: "–" };
    const { phase, records, of } = now;
    switch (phase) {
      case "reading":
        return { name, state: "Reading", records: `${count(records)} so far` };
      case "writing":
        return {
          name,
          state: "Writing",
          records: of === undefined
            ? count(records)
            : `${count(records)} of ${count(of)}`,
        };
      case "done":
        return { name, state: "Done", records: count(records) };
    }
  });
}

/**
 * What a page says of a sync.
 *
 * @param path of the tenant's runs
 * @param asked where a sync is watched that has not begun
 * @param now epoch milliseconds
 */
export function runWatchView(
  standing: RunStanding,
  { path, asked, now }: { path: string; asked: string; now: number },
): RunWatchView {
  if (standing.is === "waiting" || standing.is === "none") {
    const underWay = standing.is === "waiting";
    return {
      href: underWay ? asked : path,
      underWay,
      says: underWay
        ? "The sync is waiting for its turn"
        : "No sync is waiting: ask for one again",
      streams: [],
    };
  }
  const href = `${path}/${standing.run.id}`;
  if (standing.is !== "running") {
    return { href, underWay: false, says: "The sync is over", streams: [] };
  }
  const streams = streamsView(standing.progress);
  const took = durationText(
    standing.run.startedAt,
    new Date(now).toISOString(),
  );
  return {
    href: `${href}?watch=1`,
    underWay: true,
    says: sentence(streams, took ?? ""),
    streams,
  };
}

/** "Running for 12 s: reading leads, 1,200 so far". */
function sentence(streams: RunWatchView["streams"], took: string): string {
  const now = streams.find(({ state }) =>
    state === "Reading" || state === "Writing"
  );
  return now
    ? `Running for ${took}: ${now.state.toLowerCase()} ${now.name.toLowerCase()}, ${now.records}`
    : `Running for ${took}`;
}
