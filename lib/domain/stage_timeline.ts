import type { StageStay } from "./history.ts";

/** A stay in a stage with its end. */
export interface TimelineStay {
  stage: string;
  /** ISO 8601 UTC. */
  from: string;
  /** Null: it goes on. */
  to: string | null;
  /** It may have begun earlier: the record stood there before the portal's first update that could tell. */
  atLeast: boolean;
  /** Whole days. */
  days: number;
}

const DAY_MS = 86_400_000;

/**
 * The stays of a record, the newest first.
 *
 * @param stays oldest first
 * @param end when the last one ended, as the record left; null: it goes on
 * @param lastUpdate until when it is known to go on, ISO 8601 UTC
 */
export function stageTimeline(
  stays: readonly StageStay[],
  end: string | null,
  lastUpdate: string,
): TimelineStay[] {
  return stays.map(({ stage, at, atLeast }, index) => {
    const to = stays[index + 1]?.at ?? end;
    const ms = Date.parse(to ?? lastUpdate) - Date.parse(at);
    return {
      stage,
      from: at,
      to,
      atLeast,
      days: Math.max(0, Math.floor(ms / DAY_MS)),
    };
  }).reverse();
}
