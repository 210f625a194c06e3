import { useEffect, useRef, useState } from "preact/hooks";
import type { ChartItem } from "../components/chart_items.ts";
import { cx } from "../components/cx.ts";
import type { ChartKind, DrawnChart } from "../components/draw_chart.ts";

export interface LeadsChartProps {
  kind: ChartKind;
  /** What the chart shows, for those who do not see it; the table beside it has the numbers. */
  label: string;
  items: ChartItem[];
}

/**
 * Leads by source as bars, or by status as a doughnut. The chart's code is fetched when there is a chart to
 * draw, and its place is kept until then.
 */
export default function LeadsChart({ kind, ...given }: LeadsChartProps) {
  const [{ label, items }, setShown] = useState(given);
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    let chart: DrawnChart | null = null;
    let left = false;
    import("../components/draw_chart.ts").then(({ drawChart }) => {
      if (left || !canvas.current) return;
      chart = drawChart(canvas.current, {
        kind,
        items,
        onChoose: ({ href }) => href && location.assign(href),
      });
    });
    // Where the page is updated in place, what is around the chart says what is new.
    const host = canvas.current?.closest<HTMLElement>("[data-chart]");
    const fed = new MutationObserver(() =>
      setShown(JSON.parse(host?.dataset.chart ?? ""))
    );
    if (host) fed.observe(host, { attributeFilter: ["data-chart"] });
    const recolor = () => chart?.recolor();
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const theme = new MutationObserver(recolor);
    theme.observe(document.documentElement, {
      attributeFilter: ["data-theme"],
    });
    scheme.addEventListener("change", recolor);
    return () => {
      left = true;
      fed.disconnect();
      theme.disconnect();
      scheme.removeEventListener("change", recolor);
      chart?.destroy();
    };
  }, [items]);

  return (
    <div class={cx("needs-script relative", heightOf(kind, items.length))}>
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  );
}

/** Room for the bars: it is kept before they are drawn. */
function heightOf(kind: ChartKind, marks: number): string {
  if (kind === "doughnut") return cx("h-56");
  if (marks <= 3) return cx("h-28");
  return marks <= 6 ? cx("h-48") : cx("h-80");
}
