import { NotFoundError } from "../../../../../lib/domain/mod.ts";
import {
  defineReading,
  jsonAnswer,
  lastSegment,
  methods,
  type NoteAnswer,
  type ReadingState,
  toPublicNote,
} from "../../../../../lib/web/mod.ts";

/** One note with the whole of its content. */
export const handler = defineReading.handlers(methods<ReadingState>({
  async GET({ req, url, state: { workspace } }) {
    const note = await workspace.store.getNote(lastSegment(url));
    if (!note) throw new NotFoundError("Cannot find this note");
    return jsonAnswer<NoteAnswer>(req, { data: toPublicNote(note) });
  },
}));
