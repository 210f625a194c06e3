import { freshness } from "../../../../lib/domain/mod.ts";
import {
  defineReading,
  jsonAnswer,
  methods,
  type ReadingState,
  type StatusAnswer,
  toPublicStreams,
} from "../../../../lib/web/mod.ts";

/** How old the workspace's data is, and how each stream fared in the latest run. */
export const handler = defineReading.handlers(methods<ReadingState>({
  GET({ req, state: { workspace: { sync }, services } }) {
    const { lastSyncAt, isStale, ageSeconds, level } = freshness(
      sync.lastSyncAt,
      services.clock.now(),
    );
    return jsonAnswer<StatusAnswer>(req, {
      lastSyncAt,
      status: sync.status,
      dataVersion: sync.dataVersion,
      isStale,
      ageSeconds,
      level,
      streams: toPublicStreams(sync),
    });
  },
}));
