import { freshness } from "../../../../lib/domain/mod.ts";
import {
  countOpenedAhead,
  defineReading,
  jsonAnswer,
  methods,
  type ReadingState,
  type StatusAnswer,
  toPublicStreams,
} from "../../../../lib/web/mod.ts";

/** How old the workspace's data is, and how each stream fared in the latest run. */
export const handler = defineReading.handlers(methods<ReadingState>({
  GET(ctx) {
    countOpenedAhead(ctx);
    const { req, state: { workspace: { sync }, services } } = ctx;
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
