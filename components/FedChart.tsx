import LeadsChart, { type LeadsChartProps } from "../islands/LeadsChart.tsx";

/** A chart that stays when the page's figures are updated in place, and is told the new ones. */
export function FedChart(props: LeadsChartProps) {
  const { label, items } = props;
  return (
    <div data-keep="fed" data-chart={JSON.stringify({ label, items })}>
      <LeadsChart {...props} />
    </div>
  );
}
