import type { ListView } from "./_table.ts";
import type { Fault, ListFault } from "./faults.ts";
import type { EmptyStyle } from "./types.ts";

/** One page of a list as it will be answered. */
export interface Page {
  /** Place of the first record in the whole list. */
  first: number;
  texts: string[];
  total: number;
  emptyStyle: EmptyStyle;
}

/** What a request asks for. */
export interface PageRequest {
  offset: number;
  limit: number;
}

/** Cuts the asked page out of a list that may be spoiled. */
export function cutPage(
  view: ListView,
  { offset, limit }: PageRequest,
  faults: readonly Fault[],
  context: { emptyStyle: EmptyStyle; touch: (text: string) => string },
): Page {
  let list: ListView = view;
  let total = view.length;
  const page: Page = {
    first: offset,
    texts: [],
    total,
    emptyStyle: context.emptyStyle,
  };
  let size = limit;
  for (const fault of faults) {
    switch (fault.kind) {
      case "none":
        page.emptyStyle = fault.style ?? "array";
        list = { ...list, length: 0 };
        total = 0;
        break;
      case "fewer":
        list = {
          ...list,
          length: Math.floor(list.length * (fault.keep ?? 0.1)),
        };
        total = list.length;
        break;
      case "short_page":
        size = Math.min(size, fault.size ?? Math.ceil(limit / 2));
        break;
      case "same_page":
        page.first = 0;
        break;
      case "shrinking_total":
      case "moved":
      case "duplicate":
        if (offset === 0) break;
        list = shifted(list, limit, fault, context.touch);
        if (fault.kind === "shrinking_total") total = list.length;
        break;
    }
  }
  const end = Math.min(list.length, page.first + size);
  for (let place = page.first; place < end; place++) {
    page.texts.push(list.text(place));
  }
  page.total = total;
  return page;
}

/** The list as a reader finds it who has read its first page when it changed. */
function shifted(
  list: ListView,
  limit: number,
  fault: Extract<
    ListFault,
    { kind: "shrinking_total" | "moved" | "duplicate" }
  >,
  touch: (text: string) => string,
): ListView {
  const wanted = (fault.kind === "shrinking_total" ? fault.by : fault.count) ??
    1;
  const count = Math.min(wanted, list.length);
  if (fault.kind !== "duplicate") {
    return {
      length: list.length - count,
      text: (place) => list.text(place + count),
    };
  }
  if (list.length <= limit) return list;
  return {
    length: list.length + count,
    text: (place) => {
      const again = place >= limit && place < limit + count;
      const text = list.text(place < limit ? place : place - count);
      return again ? touch(text) : text;
    },
  };
}
