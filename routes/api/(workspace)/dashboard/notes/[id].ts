import { NotFoundError } from "../../../../../lib/domain/mod.ts";
import {
  dataAnswer,
  defineReading,
  lastSegment,
  methods,
  type NoteAnswer,
  type ReadingState,
  toPublicNote,
} from "../../../../../lib/web/mod.ts";

/** One note with the whole of its content. */
export const handler = defineReading.handlers(methods<ReadingState>({
  GET: (ctx) =>
    dataAnswer<NoteAnswer>(ctx, async () => {
      const { store } = ctx.state.workspace;
      const note = await store.getNote(lastSegment(ctx.url));
      if (!note) throw new NotFoundError("Cannot find this note");
      return { data: toPublicNote(note) };
    }),
}));
