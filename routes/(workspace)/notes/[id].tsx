import { page } from "fresh";
import { placeOf } from "../../../components/links.ts";
import { NoteCard } from "../../../components/NoteCard.tsx";
import { pageHeadProps } from "../../../components/page_head_props.ts";
import { PageHead } from "../../../components/PageHead.tsx";
import { QueryNotice } from "../../../components/QueryNotice.tsx";
import { nameOf, NotFoundError } from "../../../lib/domain/mod.ts";
import {
  defineInWorkspace,
  idInPath,
  listLink,
  readQuery,
  textParam,
} from "../../../lib/web/mod.ts";

const QUERY = { search: textParam() };

export const handler = defineInWorkspace.handlers({
  async GET({ url, state: { workspace, travel } }) {
    const { store, tenant } = workspace;
    const note = await store.getNote(idInPath(url));
    if (!note) throw new NotFoundError("Cannot show the note: no such note");
    const { noteDate, author, content, contactId } = note;
    const leads = await store.leadsOf(contactId === null ? [] : [contactId]);
    const lead = leads.get(contactId ?? "");
    const { values: { search }, problems } = readQuery(url, QUERY);
    return page({
      note: { noteDate, author, content },
      person: contactId === null ? null : {
        id: contactId,
        name: lead ? nameOf(lead) : "somebody who is no longer listed",
      },
      search,
      problems,
      list: listLink(url, tenant.slug, "/notes", travel?.past ?? null),
    });
  },
});

export default defineInWorkspace.page<typeof handler>(
  function WholeNote({ data, state }) {
    const { note, person, search, list, problems } = data;
    const { timezone } = state.workspace.tenant;
    return (
      <>
        <PageHead title="Note" list={list} {...pageHeadProps(state)} />
        <QueryNotice problems={problems} />
        <NoteCard
          note={note}
          person={person}
          search={search}
          workspace={placeOf(state)}
          timezone={timezone}
        />
      </>
    );
  },
);
