import { page } from "fresh";
import { pageHref, placeOf } from "../../../components/links.ts";
import { NoteCard } from "../../../components/NoteCard.tsx";
import { pageHeadProps } from "../../../components/page_head_props.ts";
import { PageHead } from "../../../components/PageHead.tsx";
import { NotFoundError } from "../../../lib/domain/mod.ts";
import { defineInWorkspace } from "../../../lib/web/mod.ts";

export const handler = defineInWorkspace.handlers({
  async GET({ params, state: { workspace: { store } } }) {
    const note = await store.getNote(params.id ?? "");
    if (!note) throw new NotFoundError("Cannot show the note: no such note");
    const { noteDate, author, content } = note;
    return page({ noteDate, author, content });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function WholeNote({ data, state }) {
    const { timezone } = state.workspace.tenant;
    return (
      <>
        <PageHead title="Note" {...pageHeadProps(state)} />
        <NoteCard
          note={data}
          timezone={timezone}
          listHref={pageHref("/notes", placeOf(state))}
        />
      </>
    );
  },
);
