import {
  type FollowedStream,
  type StageChange,
  stageChangesOf,
  type StandingChange,
  type Trail,
} from "../../domain/mod.ts";
import { standingChange } from "../_standing_change.ts";
import { idPart } from "../keys.ts";
import { FOREVER } from "./_dated.ts";
import { settled } from "./kept.ts";
import type { Opened } from "./opened.ts";

/** What syncs saw change of a tenant's leads and opportunities. */
export interface HistoryReader {
  /** Opportunities' moves between stages that syncs saw in [from, to), ISO 8601 UTC, oldest first. One read. */
  listStageChanges(from: string, to: string): Promise<StageChange[]>;
  /**
   * All that syncs saw change of leads or of opportunities in [from, to), ISO 8601 UTC, oldest first. One read; where
   * it goes up to now, one for each state of the tenant and first day.
   */
  listChanges(
    stream: FollowedStream,
    from: string,
    to: string,
  ): Promise<StandingChange[]>;
  /** The histories of these records of a stream, of those too that have left, as far as any are kept. One read. */
  trailsOf(
    stream: FollowedStream,
    ids: Iterable<string>,
  ): Promise<Map<string, Trail>>;
}

/** Reads them under the keys of an opened tenant. */
export function historyReader(at: Opened): HistoryReader {
  return {
    listStageChanges: async (from, to) =>
      stageChangesOf(await listChanges(at, "opportunities", from, to)),
    listChanges: (stream, from, to) => listChanges(at, stream, from, to),
    trailsOf: (stream, ids) => trailsOf(at, stream, ids),
  };
}

/** Up to now they are read once for each state of the tenant: a sync that has not begun has found nothing yet. */
async function listChanges(
  at: Opened,
  stream: FollowedStream,
  from: string,
  to: string,
): Promise<StandingChange[]> {
  const { finishedAt } = at.state;
  if (finishedAt === null || to <= finishedAt) {
    return await readChanges(at, stream, from, to);
  }
  const day = from.slice(0, "YYYY-MM-DD".length);
  const changes = await settled(
    at,
    `changes of ${stream} since ${day}`,
    () => readChanges(at, stream, day, FOREVER),
  );
  return changes.filter((change) => from <= change.at && change.at < to);
}

async function readChanges(
  { port, k }: Opened,
  stream: FollowedStream,
  from: string,
  to: string,
): Promise<StandingChange[]> {
  const prefix = k.standingChanges(stream);
  const changes: StandingChange[] = [];
  const list = port.list<StandingChange | StageChange>({
    start: [...prefix, from],
    end: [...prefix, to],
  });
  for await (const { value } of list) changes.push(standingChange(value));
  return changes;
}

async function trailsOf(
  { port, k }: Opened,
  stream: FollowedStream,
  ids: Iterable<string>,
): Promise<Map<string, Trail>> {
  const wanted = [...new Set(ids)];
  const trails = new Map<string, Trail>();
  if (wanted.length === 0) return trails;
  const recordOf = stream === "leads" ? k.lead : k.opportunity;
  const found = await port.getMany<{ trail?: Trail }>([
    ...wanted.map((id) => recordOf(id)),
    ...wanted.map((id) => k.tombstone(stream, idPart(id))),
  ]);
  wanted.forEach((id, at) => {
    const trail = found[at]?.value?.trail ??
      found[wanted.length + at]?.value?.trail;
    if (trail) trails.set(id, trail);
  });
  return trails;
}
