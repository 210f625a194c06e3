import type { BridgePart } from "../lib/domain/mod.ts";

/** What moves the pipeline's value, as a bridge says it. */
export const BRIDGE_WORDS: Record<BridgePart, string> = {
  new: "New opportunities",
  in: "Came back or in",
  resized: "Resized",
  past: "Moved past the pipeline",
  lost: "Lost or inactive",
  removed: "Removed in ClientTether",
  redefined: "Stages or boundaries redefined",
};
