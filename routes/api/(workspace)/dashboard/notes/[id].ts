import { NotFoundError } from "../../../../../lib/domain/mod.ts";
import {
  defineInWorkspace,
  jsonAnswer,
  lastSegment,
  methods,
  toPublicNote,
  type WorkspaceState,
} from "../../../../../lib/web/mod.ts";

/** One note with the whole of its content. */
export const handler = defineInWorkspace.handlers(methods<WorkspaceState>({
  async GET({ req, url, state: { workspace } }) {
    const note = await workspace.store.getNote(lastSegment(url));
    if (!note) throw new NotFoundError("Cannot find this note");
    return jsonAnswer(req, { data: toPublicNote(note) });
  },
}));
