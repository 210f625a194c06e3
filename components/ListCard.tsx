import type { ComponentChildren } from "preact";
import { Card } from "./Card.tsx";
import { FilterChips } from "./FilterChips.tsx";
import {
  cursorHref,
  formQuery,
  type ListFrame,
  viewHref,
} from "./list_frame.ts";
import { ListTools, type ListToolsProps } from "./ListTools.tsx";
import { Pagination, type PaginationProps } from "./Pagination.tsx";
import {
  SavedViewLinks,
  type SavedViewsProps,
  SaveView,
} from "./SavedViews.tsx";
import { SearchForm } from "./SearchForm.tsx";

export interface ListCardProps<Row extends { id: string }>
  extends Omit<ListToolsProps<Row>, "children"> {
  title: string;
  /** What the list holds and how it is sorted, in a sentence. */
  says: ComponentChildren;
  /** What the search looks into. */
  searchLabel: string;
  /** The views that the reader has saved, and how the list is looked at now. */
  saved: Pick<SavedViewsProps, "views" | "query">;
  /** The page of the list and the way on; null where there is no need to tell. */
  page:
    | { isFirst: boolean; cursor: string | null }
      & Pick<PaginationProps, "says" | "nextLabel">
    | null;
  /** The rows. */
  children: ComponentChildren;
}

/** A list with what can be done with it: searched, saved, filtered, sorted, paged through. */
export function ListCard<Row extends { id: string }>(
  { title, says, searchLabel, saved, page, children, ...tools }: ListCardProps<
    Row
  >,
) {
  const { frame, period } = tools;
  const views = { ...saved, list: frame.list.name, workspace: frame.workspace };
  return (
    <Card
      id="list"
      title={title}
      says={says}
      aside={
        <SearchForm
          label={searchLabel}
          value={frame.view.search}
          keep={formQuery(frame, { search: undefined })}
        />
      }
    >
      <div class="grid grid-cols-1 gap-3">
        <SavedViewLinks {...views} />
        <ListTools {...tools}>
          <SaveView {...views} />
        </ListTools>
        <FilterChips frame={frame} period={period} />
        {children}
      </div>
      {page && <Pages frame={frame} {...page} />}
    </Card>
  );
}

function Pages<Row extends { id: string }>(
  { frame, isFirst, cursor, says, nextLabel }:
    & { frame: ListFrame<Row> }
    & NonNullable<ListCardProps<Row>["page"]>,
) {
  return (
    <Pagination
      says={says}
      first={isFirst ? null : viewHref(frame, {})}
      next={cursor === null ? null : cursorHref(frame, cursor)}
      nextLabel={nextLabel}
    />
  );
}
