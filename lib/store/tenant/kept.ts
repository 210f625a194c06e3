import type { ColumnTable } from "../../domain/mod.ts";
import { type Weighed, weighed } from "../_weighed.ts";
import type { ListName, Sized } from "../list_cache.ts";
import type { Opened } from "./opened.ts";

/** The ETag that an answer was given. */
export interface AnswerTag {
  etag: string;
  /** From when on the same data answers otherwise, epoch milliseconds; null where the time makes no difference. */
  until: number | null;
}

/** What is kept in memory of a tenant's data. */
export interface KeptReader {
  /** What was made of the tenant's data and never changes, kept in memory within the bound of all lists. */
  kept<T extends Sized>(list: string, make: () => Promise<T>): Promise<T>;
  /** The tag that the answer at an address was given in the state that `opened` is; null where none was kept. */
  answerTag(address: string): Promise<AnswerTag | null>;
  /** Keeps it for as long as that state stands; not while a run changes the data record by record. */
  keepAnswerTag(address: string, tag: AnswerTag): void;
}

/** Keeps it by the name and the state of an opened tenant. */
export function keptReader(at: Opened): KeptReader {
  const { lists, tenantId } = at;
  const nameOfTag = (address: string) => standingName(at, `answer ${address}`);
  return {
    kept: (list, make) => lists.get({ tenantId, list, version: 0 }, make),
    answerTag: async (address) => {
      const tag = await lists.peek<Weighed<AnswerTag>>(nameOfTag(address));
      return tag?.value ?? null;
    },
    keepAnswerTag: (address, tag) => {
      if (at.state.status === "running") return;
      lists.put(nameOfTag(address), weighed(tag));
    },
  };
}

/** What is read for as long as the state that the tenant was opened with stands; frozen. */
export async function standing<T>(
  at: Opened,
  list: string,
  read: () => Promise<T>,
): Promise<T> {
  const { value } = await at.lists.get<Weighed<T>>(
    standingName(at, list),
    async () => weighed(await read()),
  );
  return value;
}

/** The same of what a run changes record by record: while one goes on it is read each time. */
export function settled<T>(
  at: Opened,
  list: string,
  read: () => Promise<T>,
): Promise<T> {
  return at.state.status === "running" ? read() : standing(at, list, read);
}

function standingName(at: Opened, list: string): ListName {
  return { tenantId: at.tenantId, list, version: at.stamp };
}

/**
 * A whole list, read once for each version of the tenant's data. The state was read before the rows are: a run that
 * ends in between makes a newer version.
 */
export function tableOf<Row extends { id: string }>(
  at: Opened,
  list: string,
  read: () => Promise<ColumnTable<Row>>,
): Promise<ColumnTable<Row>> {
  const version = at.state.dataVersion;
  return at.lists.get({ tenantId: at.tenantId, list, version }, read);
}
