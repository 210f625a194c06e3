import {
  type ListDefinition,
  type ListView,
  type Period,
  periodOf,
  type StagesOfKind,
  stagesOfKind,
} from "../domain/mod.ts";
import type { DayViews } from "../store/mod.ts";
import { readListView } from "./list_query.ts";
import { orDefault, readPeriod } from "./period.ts";
import type { Workspace } from "./state.ts";

/** The figures of a day, as far as there are any. */
export type ShownViews = { [V in keyof DayViews]: DayViews[V] | null };

/** What a page or a file asks of a list. */
export interface AskedList {
  view: ListView;
  /** The period of the page, and what of the address says which. */
  period: Period;
  periodQuery: Record<string, string | undefined>;
  /** The figures of the newest day, read when they are first asked for. */
  views: () => Promise<ShownViews | null>;
}

/** What an address asks of a list of a workspace, and the problems with it. */
export function askList<Row extends { id: string }>(
  url: URL,
  list: ListDefinition<Row>,
  { store, sync, tenant: { timezone } }: Workspace,
  now: number,
): { asked: AskedList; problems: string[] } {
  const { view, problems } = readListView(url, list);
  const { value: { period, query }, problem } = orDefault(
    () => readPeriod(url, now, timezone),
    () => ({ period: periodOf({ kind: "week" }, now, timezone), query: {} }),
  );
  let views: Promise<ShownViews | null> | undefined;
  return {
    asked: {
      view,
      period,
      periodQuery: query,
      views: () =>
        views ??= sync.viewDay === null
          ? Promise.resolve(null)
          : store.views(sync.viewDay),
    },
    problems: [
      ...problems.map(({ message }) => message),
      ...problem ? [problem] : [],
    ],
  };
}

/** Which stages are of which kind; nothing is read where no filter needs it. */
export async function stagesOf(
  { view, views }: AskedList,
): Promise<StagesOfKind> {
  if (!view.filters.kind) return () => null;
  const day = await views();
  return stagesOfKind(day?.leads ?? null, day?.pipeline ?? null);
}

/** Why a filter by the kind of a stage finds nothing; null where it can be answered. */
export async function unknownKind(asked: AskedList): Promise<string | null> {
  const stages = await stagesOf(asked);
  const unknown = asked.view.filters.kind?.find((kind) =>
    stages(kind) === null
  );
  if (unknown === undefined) return null;
  const day = await asked.views();
  const reason = day?.leads?.reasons.qualified ??
    day?.pipeline?.reasons.pipeline ?? "there are no figures yet";
  return `Cannot filter by the stage kind '${unknown}': ${reason}`;
}
