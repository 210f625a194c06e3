import {
  defaultView,
  type ListDefinition,
  type ListFilter,
  type ListView,
  MOST_VALUES,
  STAGE_KINDS,
} from "../domain/mod.ts";
import { createdParam } from "./period.ts";
import { parseQuery, parseText, QueryError, textParam } from "./query.ts";

const SEARCH = { search: textParam() };
const CREATED = { created: createdParam() };

/** A view of a list as an address asks for it, and sentences about what could not be read. */
export interface AskedView {
  view: ListView;
  problems: QueryError[];
}

/**
 * Reads `sort`, `cols`, `search`, `created` and the filters of a list; a parameter that is wrong is left at its
 * default and told of.
 */
export function readListView<Row extends { id: string }>(
  url: URL,
  list: ListDefinition<Row>,
): AskedView {
  const problems: QueryError[] = [];
  const orTell = <T>(read: () => T, fallback: T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      problems.push(error);
      return fallback;
    }
  };
  const usual = defaultView(list);
  const filters: Record<string, string[]> = {};
  for (const filter of list.filters) {
    const values = orTell(() => valuesOf(url, filter), []);
    if (values.length > 0) filters[filter.key] = values;
  }
  return {
    view: {
      sort: orTell(() => readSort(url, list), usual.sort),
      columns: orTell(() => readColumns(url, list), usual.columns),
      filters,
      search: orTell(() => parseQuery(url, SEARCH).search, undefined),
      created: hasCreated(list)
        ? orTell(
          () => parseQuery(url, CREATED).created,
          undefined,
        )
        : undefined,
    },
    problems,
  };
}

function hasCreated<Row extends { id: string }>(
  { columns }: ListDefinition<Row>,
): boolean {
  return columns.some(({ key }) => key === "created");
}

/** Each value once; a filter may be asked for several. */
function valuesOf<Row>(
  url: URL,
  { key, match }: ListFilter<Row>,
): string[] {
  const given = url.searchParams.getAll(key);
  if (given.length > MOST_VALUES) {
    throw new QueryError(key, `it is given more than ${MOST_VALUES} times`);
  }
  const values = given.flatMap((text) => parseText(key, text) ?? []);
  const kinds: readonly string[] = STAGE_KINDS;
  if (match === "kind" && !values.every((value) => kinds.includes(value))) {
    throw new QueryError(key, `it must be one of ${kinds.join(", ")}`);
  }
  return [...new Set(values)];
}

function readSort<Row extends { id: string }>(
  url: URL,
  list: ListDefinition<Row>,
): string {
  const [sort, ...more] = url.searchParams.getAll("sort");
  if (more.length > 0) throw new QueryError("sort", "it is given twice");
  if (!sort) return list.sort;
  const keys = list.columns.map(({ key }) => key);
  if (!keys.includes(sort.replace(/^-/, ""))) {
    throw new QueryError(
      "sort",
      `it must be one of ${keys.join(", ")}, or one with - before it`,
    );
  }
  return sort;
}

/** By several `cols`, as a form sends them, or by one with commas, as links have it. */
function readColumns<Row extends { id: string }>(
  url: URL,
  list: ListDefinition<Row>,
): readonly string[] {
  const asked = url.searchParams.getAll("cols")
    .flatMap((text) => text.split(",")).filter((key) => key !== "");
  if (asked.length === 0) return defaultView(list).columns;
  const keys = list.columns.map(({ key }) => key);
  if (!asked.every((key) => keys.includes(key))) {
    throw new QueryError("cols", `it must be some of ${keys.join(", ")}`);
  }
  const [name = ""] = keys;
  return keys.filter((key) => key === name || asked.includes(key));
}
