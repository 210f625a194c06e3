import {
  type ListDefinition,
  type ListView,
  type Period,
  stageOrder,
  type StagesOfKind,
  stagesOfKind,
  type UsageError,
} from "../domain/mod.ts";
import type { ShownViews } from "../store/mod.ts";
import { readListView } from "./list_query.ts";
import { askPeriod } from "./period.ts";
import type { Workspace } from "./state.ts";

/** What a page or a file asks of a list. */
export interface AskedList {
  view: ListView;
  /** The period of the page, and what of the address says which. */
  period: Period;
  periodQuery: Record<string, string | undefined>;
  /** The figures of the newest day, for those who ask for them. */
  views: () => Promise<ShownViews>;
}

/** What an address asks of a list of a workspace, and the problems with it; what is wrong is left at its default. */
export function askList<Row extends { id: string }>(
  url: URL,
  list: ListDefinition<Row>,
  { store, tenant: { timezone } }: Workspace,
  now: number,
): { asked: AskedList; problems: UsageError[] } {
  const { view, problems } = readListView(url, list);
  const { period, query, problem } = askPeriod(url, now, timezone);
  return {
    asked: {
      view,
      period,
      periodQuery: query,
      views: () => store.shown(),
    },
    problems: problem ? [...problems, problem] : problems,
  };
}

/**
 * What an address asks of a list, where nobody could be told that a part of it was left out.
 *
 * @throws {UsageError} for the first parameter that is wrong.
 */
export function askListStrictly<Row extends { id: string }>(
  ...[url, list, workspace, now]: Parameters<typeof askList<Row>>
): AskedList {
  const { asked, problems: [problem] } = askList(url, list, workspace, now);
  if (problem) throw problem;
  return asked;
}

/** Which stages are of which kind; nothing is read where no filter needs it. */
export async function stagesOf(
  { view, views }: AskedList,
): Promise<StagesOfKind> {
  if (!view.filters.kind) return () => null;
  const day = await views();
  return stagesOfKind(day.leads, day.pipeline);
}

/** The stages in the CRM's order, as far as it is known. */
export async function stagesInOrder(
  { views }: Pick<AskedList, "views">,
): Promise<string[]> {
  const { leads, pipeline } = await views();
  return stageOrder(leads, pipeline);
}

/** Why a filter by the kind of a stage finds nothing; null where it can be answered. */
export async function unknownKind(asked: AskedList): Promise<string | null> {
  const stages = await stagesOf(asked);
  const unknown = asked.view.filters.kind?.find((kind) =>
    stages(kind) === null
  );
  if (unknown === undefined) return null;
  const day = await asked.views();
  const reason = day.leads?.reasons.qualified ??
    day.pipeline?.reasons.pipeline ?? "there are no figures yet";
  return `Cannot filter by the stage kind '${unknown}': ${reason}`;
}
