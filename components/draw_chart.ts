import {
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  DoughnutController,
  LinearScale,
  type Plugin,
  Tooltip,
} from "chart.js";
import type { ChartItem } from "./chart_items.ts";

Chart.register(
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  DoughnutController,
  LinearScale,
  Tooltip,
);

export type ChartKind = "bar" | "doughnut";

export interface ChartOptions {
  kind: ChartKind;
  items: readonly ChartItem[];
  /** Called with the mark that was clicked. */
  onChoose?: (item: ChartItem) => void;
}

/** A chart on a canvas, which takes the colours of the page's tokens. */
export interface DrawnChart {
  /** Takes the colours anew, after the theme has changed. */
  recolor(): void;
  destroy(): void;
}

const ANIMATION_MS = 180;
const SERIES = 6;
/** Pixels for the counts beside the bars. */
const VALUES = 44;
/** Pixels between a name and its bar. */
const TICK = 12;
/** Characters of a name, where there is room for them. */
const LONGEST_NAME = 24;

/** Draws bars by name, or a doughnut of parts of the whole. */
export function drawChart(
  canvas: HTMLCanvasElement,
  options: ChartOptions,
): DrawnChart {
  let chart = new Chart(canvas, configOf(options));
  return {
    recolor() {
      chart.destroy();
      chart = new Chart(canvas, configOf(options));
    },
    destroy: () => chart.destroy(),
  };
}

function configOf(options: ChartOptions): ChartConfiguration {
  return options.kind === "bar" ? barConfig(options) : doughnutConfig(options);
}

function barConfig({ items, onChoose }: ChartOptions): ChartConfiguration {
  const ink = token("ink-2");
  const isChosen = items.some(({ chosen }) => chosen);
  return {
    type: "bar",
    data: {
      labels: items.map(({ name }) => name),
      datasets: [{
        data: items.map(({ count }) => count),
        backgroundColor: items.map(({ chosen }) =>
          token(chosen || !isChosen ? "accent" : "bar")
        ),
        hoverBackgroundColor: token("bar"),
        borderRadius: 3,
        maxBarThickness: 18,
      }],
    },
    options: {
      ...common(items, onChoose),
      indexAxis: "y",
      layout: { padding: { right: VALUES } },
      scales: {
        x: { display: false, beginAtZero: true },
        y: {
          grid: { display: false },
          border: { display: false },
          ticks: {
            color: ink,
            font: font(),
            autoSkip: false,
            callback(_value, index) {
              return fitting(items[index]?.name ?? "", this.chart);
            },
          },
        },
      },
      plugins: { tooltip: { enabled: false } },
    },
    plugins: [valuesAtBars(token("ink"))],
  };
}

function doughnutConfig({ items, onChoose }: ChartOptions): ChartConfiguration {
  return {
    type: "doughnut",
    data: {
      labels: items.map(({ name }) => name),
      datasets: [{
        data: items.map(({ count }) => count),
        backgroundColor: items.map((_, index) =>
          token(`series-${Math.min(index, SERIES - 1) + 1}`)
        ),
        borderColor: token("surface"),
        borderWidth: 2,
      }],
    },
    options: { ...common(items, onChoose), cutout: "62%" } as
      & ChartConfiguration[
        "options"
      ]
      & object,
  };
}

function common(
  items: readonly ChartItem[],
  onChoose: ChartOptions["onChoose"],
) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const itemOf = (marks: readonly { index: number }[]) =>
    items[marks[0]?.index ?? -1];
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: still ? false as const : { duration: ANIMATION_MS },
    onClick: (_event: unknown, marks: readonly { index: number }[]) => {
      const item = itemOf(marks);
      if (item?.href) onChoose?.(item);
    },
    onHover: (
      { native }: { native: Event | null },
      marks: readonly { index: number }[],
    ) => {
      if (!(native?.target instanceof HTMLCanvasElement)) return;
      const leads = itemOf(marks)?.href !== undefined;
      native.target.classList.toggle("is-clickable", leads);
    },
  };
}

/** Writes each bar's count beside it, so that no grid is needed. */
function valuesAtBars(color: string): Plugin {
  return {
    id: "values",
    afterDatasetsDraw(chart) {
      const { ctx, data } = chart;
      const counts = data.datasets[0]?.data ?? [];
      ctx.save();
      ctx.fillStyle = color;
      ctx.font = `600 13px ${font().family}`;
      ctx.textBaseline = "middle";
      chart.getDatasetMeta(0).data.forEach(({ x, y }, index) => {
        const count = Number(counts[index]);
        ctx.fillText(count.toLocaleString("en-US"), x + 6, y);
      });
      ctx.restore();
    },
  };
}

/** A name in what a narrow chart leaves for names, which is a half: the rest are its bars. */
function fitting(name: string, { ctx, width }: Chart): string {
  const room = (width - VALUES) / 2 - TICK;
  ctx.save();
  ctx.font = `${font().size}px ${font().family}`;
  const fits = (text: string) => ctx.measureText(text).width <= room;
  const letters = [...name];
  let length = Math.min(letters.length, LONGEST_NAME);
  let short = length < letters.length ? begun(letters, length) : name;
  while (length > 1 && !fits(short)) short = begun(letters, --length);
  ctx.restore();
  return short;
}

/** As many letters, the last of them the sign that more follow. */
function begun(letters: readonly string[], length: number): string {
  return `${letters.slice(0, length - 1).join("").trimEnd()}…`;
}

function font() {
  return { family: getComputedStyle(document.body).fontFamily, size: 13 };
}

function token(name: string): string {
  return getComputedStyle(document.documentElement)
    .getPropertyValue(`--${name}`).trim();
}
