import type { Standing, StandingChange } from "./history.ts";
import { NEW_LEAD } from "./records.ts";
import { isProspect, type Reason } from "./stages.ts";
import type { Kpis, PipelineView } from "./views.ts";

/** What moves the pipeline's value, in the order in which a bridge tells it. */
export const BRIDGE_PARTS = [
  /** An opportunity that is new in ClientTether. */
  "new",
  /** One that came back, or into the pipeline from a stage outside it. */
  "in",
  /** Another deal size of one that stays in the pipeline. */
  "resized",
  /** One that went on to a stage after the pipeline. */
  "past",
  /** One that went to an inactive or unknown stage, or is no prospect's any more. */
  "lost",
  /** One that ClientTether no longer lists. */
  "removed",
  /** What no change explains: stages or boundaries were redefined, or a person was erased. */
  "redefined",
] as const;
export type BridgePart = typeof BRIDGE_PARTS[number];

export interface BridgeStep {
  part: BridgePart;
  /** Integer cents, with its sign. */
  cents: number;
  /** Changes that make it up; 0 of `redefined`. */
  count: number;
}

/** How the pipeline's value went from one day to another: opening + all steps = closing, to the cent. */
export interface PipelineBridge {
  /** YYYY-MM-DD in the tenant's zone, each with the value that the day's last figures had, in cents. */
  opening: { day: string; cents: number };
  closing: { day: string; cents: number };
  /** All parts, in the order of `BRIDGE_PARTS`. */
  steps: BridgeStep[];
}

/** The figures of a day that a bridge begins or ends with. */
export type BridgeEnd = Pick<
  Kpis,
  "day" | "computedAt" | "pipelineValueCents"
>;

/**
 * Between which days' figures a bridge over a period is built: the newest from before it (where there are none, the
 * first in it) and the newest in it.
 *
 * @param days newest first, up to the last day of the period
 */
export function bridgeEnds<End extends BridgeEnd>(
  days: readonly End[],
  firstDay: string,
): { opening: End; closing: End } | Reason {
  const within = days.filter(({ day }) => day >= firstDay);
  const opening = days.find(({ day }) => day < firstDay) ?? within.at(-1);
  const closing = within[0];
  if (!opening || !closing) return "There are no figures of this period.";
  if (opening.day === closing.day) {
    return "There are figures of one day only so far: a bridge needs two.";
  }
  return { opening, closing };
}

/** A change that moves the pipeline's value. */
export interface BridgeChange {
  part: Exclude<BridgePart, "redefined">;
  /** By how much, in cents: a bigint, so that sums are exact however large a mistyped amount is. */
  cents: bigint;
  change: StandingChange;
}

/**
 * The bridge between two days' figures.
 *
 * @param changes of opportunities; those that a day's figures count already are left out by their time
 * @param view says which stages belong to the pipeline
 * @returns a sentence where it cannot be told
 */
export function pipelineBridge(
  changes: readonly StandingChange[],
  { opening, closing }: { opening: BridgeEnd; closing: BridgeEnd },
  view: Pick<PipelineView, "stages" | "after" | "reasons">,
): PipelineBridge | Reason {
  const [start, end] = [opening, closing].map((day) => day.pipelineValueCents);
  const told = bridgeChanges(changes, { opening, closing }, view);
  if (typeof told === "string") return told;
  if (typeof start !== "number" || typeof end !== "number") {
    return "The pipeline's value was unknown on one of the two days.";
  }
  const sums = new Map<BridgePart, { cents: bigint; count: number }>();
  let left = BigInt(end) - BigInt(start);
  for (const { part, cents } of told) {
    const sum = sums.get(part) ?? { cents: 0n, count: 0 };
    sums.set(part, { cents: sum.cents + cents, count: sum.count + 1 });
    left -= cents;
  }
  sums.set("redefined", { cents: left, count: 0 });
  const steps = BRIDGE_PARTS.map((part): BridgeStep => {
    const { cents, count } = sums.get(part) ?? { cents: 0n, count: 0 };
    return { part, cents: Number(cents), count };
  });
  return {
    opening: { day: opening.day, cents: start },
    closing: { day: closing.day, cents: end },
    steps,
  };
}

/**
 * The changes that a bridge between two days' figures sums up, in their order.
 *
 * @returns a sentence where they cannot be told
 */
export function bridgeChanges(
  changes: readonly StandingChange[],
  { opening, closing }: { opening: BridgeEnd; closing: BridgeEnd },
  view: Pick<PipelineView, "stages" | "after" | "reasons">,
): BridgeChange[] | Reason {
  if (view.reasons.pipeline !== null) return view.reasons.pipeline;
  const told = changes.filter(({ at }) =>
    at > opening.computedAt && at <= closing.computedAt
  );
  if (told.some(isBare)) {
    return "Some of this period's changes were kept before deal sizes were kept with them.";
  }
  const places = placesOf(view);
  return told.flatMap((change): BridgeChange[] => {
    const part = partOf(change, places);
    if (!part) return [];
    const cents = sizeOf(change.to, places) - sizeOf(change.from, places);
    return [{ part, cents, change }];
  });
}

/** `in` the pipeline, `after` it; a stage that is neither stands nowhere. */
type Places = ReadonlyMap<string, "in" | "after">;

function placesOf({ stages, after }: Pick<PipelineView, "stages" | "after">) {
  return new Map([
    ...after.map(({ stage }) => [stage, "after"] as const),
    ...stages.map(({ stage }) => [stage, "in"] as const),
  ]);
}

function placeOf(standing: Standing | null, places: Places) {
  if (!standing || !isProspect(standing)) return undefined;
  return places.get(standing.stage.trim() || NEW_LEAD);
}

function sizeOf(standing: Standing | null, places: Places): bigint {
  return placeOf(standing, places) === "in"
    ? BigInt(standing!.dealSizeCents ?? 0)
    : 0n;
}

/** Null: the change does not touch the pipeline's value. */
function partOf(
  { from, to, returned }: StandingChange,
  places: Places,
): BridgeChange["part"] | null {
  const [was, is] = [placeOf(from, places), placeOf(to, places)];
  if (was === "in" && is === "in") {
    const same = (from!.dealSizeCents ?? null) === (to!.dealSizeCents ?? null);
    return same ? null : "resized";
  }
  if (is === "in") return from || returned ? "in" : "new";
  if (was !== "in") return null;
  if (!to) return "removed";
  return is === "after" ? "past" : "lost";
}

function isBare({ from, to }: StandingChange): boolean {
  return [from, to].some((standing) =>
    standing !== null && standing.dealSizeCents === undefined
  );
}
