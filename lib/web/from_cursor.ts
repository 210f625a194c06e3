import { UsageError } from "../domain/mod.ts";
import { QueryError } from "./query.ts";

/** How a list is asked for a page: from the cursor of the page before, or from its beginning. */
type ReadPage<List> = (from: { cursor?: string }) => Promise<List>;

/**
 * The page of a list of the store that begins where a cursor points; the first one without a cursor.
 *
 * @throws {QueryError} when the list did not give that cursor.
 */
export async function readFromCursor<List>(
  cursor: string | undefined,
  read: ReadPage<List>,
): Promise<List> {
  if (cursor === undefined) return await read({});
  try {
    return await read({ cursor });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new QueryError("cursor", "it is not one that this list gave");
  }
}

/** A page of a list, and what was wrong with the cursor of its address. */
export interface CursorPage<List> {
  list: List;
  isFirst: boolean;
  problem: string | null;
}

/** The same for a page, which shows the beginning of the list where the cursor is none of it, and says so. */
export async function readFromCursorOrFirst<List>(
  cursor: string | undefined,
  read: ReadPage<List>,
): Promise<CursorPage<List>> {
  try {
    const list = await readFromCursor(cursor, read);
    return { list, isFirst: cursor === undefined, problem: null };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return { list: await read({}), isFirst: true, problem: error.message };
  }
}
