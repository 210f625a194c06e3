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

/**
 * Reads the notes that follow.
 *
 * @throws {Error} when there was no answer, or one that is not a page of notes: it can be tried again.
 */
export async function readNotePage(
  { workspace, search, cursor, fetch }: NotePageQuery,
): Promise<NotePage> {
  const query = new URLSearchParams({ w: workspace, limit: "50", cursor });
  if (search) query.set("search", search);
  const answer = await fetch(`/api/dashboard/notes?${query}`);
  if (!answer.ok) {
    throw new Error(
      `Cannot load more notes: the portal answered ${answer.status}`,
    );
  }
  return await answer.json();
}
