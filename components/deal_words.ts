import type { DealGroup, DealStanding } from "../lib/domain/mod.ts";

/** Where a deal counts, as a table says it. */
export const STANDING_WORDS: Record<DealStanding, string> = {
  pipeline: "In the pipeline",
  after: "After the pipeline",
  inactive: "Inactive stage, in no figure",
  unclassified: "Unclassified stage, in no figure",
  other: "Not a prospect's, in no figure",
  unknown: "Unknown: the pipeline's end is",
};

/** What a list of deals holds: "9 opportunities in the pipeline". */
export const GROUP_WORDS: Record<DealGroup, string> = {
  "pipeline": "in the pipeline",
  "sized": "in the pipeline with a deal size",
  "unsized": "in the pipeline without a deal size",
  "without-likelihood": "in pipeline stages without a likelihood",
  "after": "in active stages after the pipeline",
  "inactive": "in inactive stages",
  "unclassified": "in stages that ClientTether's sales cycles do not name",
};
