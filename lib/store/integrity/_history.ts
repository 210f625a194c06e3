import {
  FOLLOWED_STREAMS,
  type FollowedStream,
  type StageChange,
  type StandingChange,
  type StreamName,
  type Trail,
} from "../../domain/mod.ts";
import { addDifference, keyName } from "./_findings.ts";
import { type CheckContext, rowsBelow } from "./_rows.ts";

/** The newest change of a record: when it was seen, and where it left the record. */
interface Newest {
  at: string;
  /** The stage; null: the record left. */
  stage: string | null;
}

/** The newest change of each record by its encoded id; null for a stream without a history. */
export async function newestChanges(
  context: CheckContext,
  stream: StreamName,
): Promise<Map<string, Newest> | null> {
  if (!isFollowed(stream)) return null;
  const newest = new Map<string, Newest>();
  const rows = rowsBelow<StandingChange | StageChange>(
    context,
    context.k.standingChanges(stream),
  );
  for await (const { key, value } of rows) {
    context.findings.indexRows++;
    const [at, part] = key.slice(-2).map(String) as [string, string];
    if (value?.at !== at) {
      addDifference(context.findings, `${keyName(key)}: is of another time`);
      continue;
    }
    const { to } = value;
    newest.set(part, {
      at,
      stage: typeof to === "string" ? to : to?.stage ?? null,
    });
  }
  return newest;
}

/** What is wrong with the history that a record holds; null where all is well. */
export function historyFlaw(
  { stage, trail }: { stage?: string; trail?: Trail },
  newest: Newest | undefined,
): string | null {
  const current = Array.isArray(trail?.stays) ? trail.stays.at(-1) : null;
  if (!current) return "has no history";
  if (current.stage !== stage) {
    return "is not in the stage that its history ends with";
  }
  if (!newest || newest.at < trail!.at) return null;
  return newest.at === trail!.at && newest.stage === stage
    ? null
    : "has not the history that its changes tell";
}

function isFollowed(stream: StreamName): stream is FollowedStream {
  return (FOLLOWED_STREAMS as readonly string[]).includes(stream);
}
