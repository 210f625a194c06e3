import { type FollowedStream, type Trail, trailAt } from "../../domain/mod.ts";
import type { HistoryReader } from "../../store/mod.ts";
import type { PastRecords } from "./records.ts";

/** What syncs had seen change by then. */
export function pastHistory(at: PastRecords): HistoryReader {
  const { live, past } = at;
  const after = new Date(past.moment + 1).toISOString();
  return {
    listStageChanges: (from, to) =>
      live.listStageChanges(from, to < after ? to : after),
    listChanges: (stream, from, to) =>
      live.listChanges(stream, from, to < after ? to : after),
    trailsOf: (stream, ids) => trailsThen(at, stream, ids),
  };
}

/** The histories of these records as they were known then. */
export async function trailsThen(
  { live, moment }: PastRecords,
  stream: FollowedStream,
  ids: Iterable<string>,
): Promise<Map<string, Trail>> {
  const trails = await live.trailsOf(stream, ids);
  return new Map(
    [...trails].flatMap(([id, trail]): [string, Trail][] => {
      const known = trailAt(trail, moment);
      return known ? [[id, known]] : [];
    }),
  );
}
