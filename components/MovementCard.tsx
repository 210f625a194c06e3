import {
  type DirectedMove,
  type Direction,
  formatCount,
  type Movement,
  type StageMove,
} from "../lib/domain/mod.ts";
import { BarList } from "./BarList.tsx";
import { Card } from "./Card.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { NewMark } from "./NewMark.tsx";
import { counted } from "./sentences.ts";

const WORDS: Record<Direction, string> = {
  forward: "forward",
  back: "back",
  past: "past the pipeline",
  out: "out of the active stages",
  returned: "back into the active stages",
};
const MOST = 12;

export interface MovementCardProps {
  movement: Movement;
  /** Those of its moves that came since the reader's last visit. */
  fresh: readonly StageMove[];
  /** The period in words. */
  period: string;
  /** The list of the moves from one stage to another, or of all. */
  hrefOf: (move?: { from: string; to: string }) => string;
}

/** What moved between stages in the period, as hourly updates saw it. */
export function MovementCard(
  { movement, fresh, period, hrefOf }: MovementCardProps,
) {
  const { moves } = movement;
  const title = "Moves between stages";
  if (moves.length === 0) {
    return (
      <Card title={title}>
        <EmptyState title="Nothing moved.">
          {`No opportunity changed its stage in this period, ${period}.`}
        </EmptyState>
      </Card>
    );
  }
  const freshOf = ({ from, to }: StageMove) =>
    fresh.find((one) => one.from === from && one.to === to)?.count ?? 0;
  const others = moves.slice(MOST);
  const rest = others.reduce((sum, { count }) => sum + count, 0);
  const freshRest = others.reduce((sum, move) => sum + freshOf(move), 0);
  return (
    <Card title={title} says={sentenceOf(movement, period)}>
      <BarList
        caption="Moves between stages"
        head="From and to"
        figures={["Way", "Moves"]}
        rows={moves.slice(0, MOST).map((move) => ({
          ...toRow(move),
          href: hrefOf(move),
          fresh: freshOf(move),
        }))}
        stacks
      />
      {rest > 0 && (
        <p class="mt-2 text-small text-ink-3">
          <a class="link inline-block py-1 -my-1" href={hrefOf()}>
            {counted(rest, "more move")}
          </a>{" "}
          between other stages.
          {freshRest > 0 && <NewMark count={freshRest} />}
        </p>
      )}
    </Card>
  );
}

function toRow({ from, to, count, direction }: DirectedMove) {
  return {
    name: `${from} → ${to}`,
    amount: count,
    emphasised: direction === "forward",
    figures: [direction ?? "–", formatCount(count)],
  };
}

function sentenceOf(
  { opportunities, counts }: Movement,
  period: string,
): string {
  const parts = (Object.keys(WORDS) as Direction[])
    .filter((direction) => counts[direction] > 0)
    .map((direction) =>
      `${formatCount(counts[direction])} ${WORDS[direction]}`
    );
  const moved = opportunities === 1
    ? "1 opportunity moved"
    : `${formatCount(opportunities)} opportunities moved`;
  const how = parts.length > 0 ? `: ${parts.join(", ")}` : "";
  return `${moved}${how}. ${period}.`;
}
