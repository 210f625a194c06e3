import {
  defineInWorkspace,
  methods,
  syncEvents,
  type WorkspaceState,
} from "../../../../lib/web/mod.ts";

/** Tells an open page when a sync of the workspace has ended, so that it need not ask all the time. */
export const handler = defineInWorkspace.handlers(
  methods<WorkspaceState>({ GET: syncEvents }),
);
