import { type PipelineView, stageTimesOf } from "../lib/domain/mod.ts";
import { kept } from "./kept.ts";
import type { Place } from "./links.ts";
import { StageTimesCard } from "./StageTimesCard.tsx";
import { StalledCard } from "./StalledCard.tsx";

export interface StaysCardsProps {
  view: PipelineView;
  workspace: Place;
  timezone: string;
  currency: string;
}

/** How long opportunities stay in their stages, and which have stayed for too long. */
export const StaysCards = kept(function StaysCards(
  { view, workspace, timezone, currency }: StaysCardsProps,
) {
  const times = stageTimesOf(view, timezone);
  return (
    <>
      <StageTimesCard times={times} />
      <StalledCard
        stalled={times?.stalled ?? null}
        count={times?.count ?? 0}
        workspace={workspace}
        timezone={timezone}
        currency={currency}
      />
    </>
  );
});
