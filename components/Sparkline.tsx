const WIDTH = 100;
const HEIGHT = 24;

/** How a figure went, without axes: the words beside it say the rest. Nothing where there are fewer than two points. */
export function Sparkline({ points }: { points: readonly number[] }) {
  if (points.length < 2) return null;
  return (
    <svg
      class="w-full h-8"
      viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polyline
        points={polyline(points)}
        class="stroke-bar fill-transparent"
        stroke-width="1.5"
        vector-effect="non-scaling-stroke"
      />
    </svg>
  );
}

/** The points of the line, highest at the top; a flat line runs in the middle. */
function polyline(points: readonly number[]): string {
  const lowest = Math.min(...points);
  const span = Math.max(...points) - lowest;
  return points.map((point, index) => {
    const x = index * WIDTH / (points.length - 1);
    const height = span === 0 ? 0.5 : (point - lowest) / span;
    return `${round(x)},${round(HEIGHT * (1 - height))}`;
  }).join(" ");
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
