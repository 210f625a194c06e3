import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";

/** The HTML of a component, attributes parted by one space. */
export function html(vnode: VNode): string {
  return renderToString(vnode)
    .replaceAll(/<[^>]*>/g, (tag) => tag.replaceAll(/ {2,}/g, " "));
}

/** What a reader reads of a component: its text, one space for each gap. */
export function text(vnode: VNode): string {
  return html(vnode)
    .replaceAll(/<style>.*?<\/style>/g, " ")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&quot;", '"')
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** The texts of a table's cells, row by row, headings first. */
export function tableOf(markup: string): string[][] {
  return [...markup.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
    [...row.matchAll(/<t[hd][^>]*?(?:\/>|>(.*?)<\/t[hd]>)/gs)].map((
      [, cell = ""],
    ) => cell.replaceAll(/<[^>]*>/g, "").trim())
  );
}
