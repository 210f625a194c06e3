import { freshness } from "../../../../lib/domain/mod.ts";
import {
  defineInWorkspace,
  jsonAnswer,
  methods,
  toPublicStreams,
  type WorkspaceState,
} from "../../../../lib/web/mod.ts";

/** How old the workspace's data is, and how each stream fared in the latest run. */
export const handler = defineInWorkspace.handlers(methods<WorkspaceState>({
  GET({ req, state: { workspace: { sync }, services } }) {
    const { lastSyncAt, isStale, ageSeconds, level } = freshness(
      sync.lastSyncAt,
      services.clock.now(),
    );
    return jsonAnswer(req, {
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
