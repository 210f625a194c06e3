import {
  type StreamName,
  type StreamResult,
  STREAMS,
  type StreamStatus,
} from "../lib/domain/mod.ts";
import { streamWord } from "./admin_words.ts";
import type { BadgeTone } from "./Badge.tsx";
import { DataTable } from "./DataTable.tsx";

const WORDS: Record<StreamStatus, { text: string; tone: BadgeTone }> = {
  success: { text: "Success", tone: "accent" },
  failed: { text: "Failed", tone: "alarm" },
  refused: { text: "Refused", tone: "alarm" },
  not_asked: { text: "Not asked", tone: "warn" },
  not_connected: { text: "Not connected", tone: "plain" },
};

/** How each stream of a run fared. */
export function AdminRunStreams(
  { streams, quarantineHref }: {
    streams: Partial<Record<StreamName, StreamResult>>;
    /** Where the records are that could not be kept. */
    quarantineHref?: string;
  },
) {
  const rows = STREAMS.flatMap((stream) => {
    const result = streams[stream];
    return result ? [{ stream, ...result }] : [];
  });
  return (
    <DataTable
      stacks
      caption="Streams of the run"
      columns={[
        {
          kind: "text",
          head: "Stream",
          value: ({ stream }) => streamWord(stream),
        },
        { kind: "badge", head: "Status", value: ({ status }) => WORDS[status] },
        { kind: "count", head: "Fetched", value: ({ fetched }) => fetched },
        { kind: "count", head: "Written", value: ({ written }) => written },
        {
          kind: "count",
          head: "Unchanged",
          value: ({ unchanged }) => unchanged,
        },
        { kind: "count", head: "Removed", value: ({ removed }) => removed },
        {
          kind: "count",
          head: "Quarantined",
          value: ({ quarantined }) => quarantined,
          href: ({ quarantined }) =>
            quarantined > 0 ? quarantineHref : undefined,
        },
        {
          kind: "datetime",
          head: "Last success",
          value: ({ lastSuccessAt }) => lastSuccessAt,
        },
        {
          kind: "text",
          head: "Error",
          wide: true,
          value: ({ error }) => error,
        },
      ]}
      rows={rows}
      rowKey={({ stream }) => stream}
      timezone="UTC"
      empty="No stream has been read yet."
    />
  );
}
