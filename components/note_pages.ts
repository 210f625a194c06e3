import type { NoteRow } from "../lib/domain/views.ts";

/** A page of notes as the JSON endpoint answers it. */
export interface NotePage {
  data: NoteRow[];
  page: { total: number; hasMore: boolean; cursor: string | null };
}

export interface NotePageQuery {
  /** Slug of the workspace. */
  workspace: string;
  search: string | null;
  /** Where the page before ended. */
  cursor: string;
  fetch: (url: string) => Promise<Response>;
}

/** Reads the notes that follow; null where there was no answer, so that it can be tried again. */
export async function readNotePage(
  { workspace, search, cursor, fetch }: NotePageQuery,
): Promise<NotePage | null> {
  const query = new URLSearchParams({ w: workspace, limit: "50", cursor });
  if (search) query.set("search", search);
  try {
    const answer = await fetch(`/api/dashboard/notes?${query}`);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
