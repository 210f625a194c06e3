import { QUIET_DAYS, zoneName } from "../lib/domain/mod.ts";

/** A figure and what it counts, in words. */
export interface Definition {
  term: string;
  meaning: string;
}

/** The settings of a tenant that its figures depend on. */
export interface FigureSettings {
  timezone: string;
  currency: string;
  qualifiedFrom: string;
  qualifiedTo: string;
  hotFrom: string;
  hotTo: string;
}

type Name =
  | "lead"
  | "qualified"
  | "inPipeline"
  | "newLeads"
  | "week"
  | "sources"
  | "status"
  | "value"
  | "weighted"
  | "average"
  | "stageCount"
  | "after"
  | "bridge"
  | "conversion"
  | "daysInStage"
  | "timeInStage"
  | "stalled"
  | "quiet"
  | "hotList"
  | "iff"
  | "notes"
  | "schedule"
  | "report"
  | "unknown";

const ON_PAGE: Record<string, readonly Name[]> = {
  "/dashboard": [
    "newLeads",
    "inPipeline",
    "qualified",
    "value",
    "weighted",
    "week",
    "unknown",
  ],
  "/reports": ["report", "week"],
  "/leads": ["lead", "qualified", "sources", "status", "unknown"],
  "/pipeline": [
    "value",
    "weighted",
    "stageCount",
    "average",
    "after",
    "bridge",
    "conversion",
    "timeInStage",
    "stalled",
    "quiet",
    "unknown",
  ],
  "/hot-list": ["hotList", "iff", "daysInStage", "quiet", "unknown"],
  "/notes": ["notes"],
  "/schedule": ["schedule", "week"],
};

/** The definitions of the figures on a page, in the order in which they stand there. */
export function definitionsOf(
  path: string,
  settings: FigureSettings,
): Definition[] {
  const all = meanings(settings);
  return (ON_PAGE[path] ?? []).map((name) => all[name]);
}

function meanings(settings: FigureSettings): Record<Name, Definition> {
  const { qualifiedFrom, qualifiedTo, hotFrom, hotTo, currency } = settings;
  const zone = zoneName(settings.timezone);
  return {
    lead: {
      term: "Total leads",
      meaning:
        "Every person in ClientTether who is a prospect, each counted once, however many opportunities they hold.",
    },
    qualified: {
      term: "Qualified",
      meaning:
        `Prospects in an active stage from ${qualifiedFrom} to ${qualifiedTo}, both included.`,
    },
    inPipeline: {
      term: "Leads in pipeline",
      meaning:
        `Prospects in an active stage from the first one up to ${qualifiedTo}.`,
    },
    newLeads: {
      term: "New leads",
      meaning:
        "Prospects created in the span that the card names, beside the same span one week before. A percentage is given from a base of 10 leads on.",
    },
    week: {
      term: "Week",
      meaning:
        `From Monday 00:00 to the next Monday 00:00, by the clocks of ${zone}.`,
    },
    sources: {
      term: "Lead sources",
      meaning:
        "The different sources that prospects have. Leads without one are in the row 'Not recorded', which is not counted as a source.",
    },
    status: {
      term: "Status",
      meaning:
        "The stage that a prospect is in. A blank stage counts as New Lead.",
    },
    value: {
      term: "Pipeline value",
      meaning:
        `The sum of the deal sizes of all opportunities in active stages up to ${qualifiedTo}, in ${currency}. An opportunity without a size adds nothing; 0 is no size.`,
    },
    weighted: {
      term: "Weighted",
      meaning:
        "Deal size times the likelihood that ClientTether gives the stage, rounded to the cent for each opportunity, then added up.",
    },
    average: {
      term: "Average deal size",
      meaning:
        "Pipeline value divided by the number of its opportunities that have a size.",
    },
    stageCount: {
      term: "Stage count",
      meaning: "Pipeline stages that hold at least one opportunity.",
    },
    after: {
      term: "After the pipeline",
      meaning:
        `Active stages that come after ${qualifiedTo}. They are in none of the figures above.`,
    },
    bridge: {
      term: "How the value changed",
      meaning:
        "From the pipeline value at the end of the day before the period to that of its last day, by what hourly updates saw: new opportunities, those that came back or in from a stage outside the pipeline, other deal sizes, those that moved past the pipeline, went to an inactive or unknown stage, or were removed. What none of it explains comes from stages or boundaries that were redefined, or from a person who was erased.",
    },
    conversion: {
      term: "Conversion",
      meaning:
        "Of the opportunities that entered a stage in the period, from another stage or as new ones, those that went on to any later stage before the period ended; each counted once. A share is given from 5 on.",
    },
    timeInStage: {
      term: "Time in stage",
      meaning:
        "Days from the update that first saw an opportunity in a stage to the one that first saw it elsewhere. Of the stays that have ended, by the newest 2,000 changes, those whose beginning an update saw: the median, and the days between which the half in the middle lies.",
    },
    stalled: {
      term: "Stalled",
      meaning:
        "An opportunity that has been in its stage for more than twice the brand's own median there, and more than 14 days. Where fewer than 5 stays in it have ended, the median of all stages together counts; where there is none either, 30 days.",
    },
    quiet: {
      term: "Without activity",
      meaning:
        `An opportunity in the pipeline with whose person nothing is scheduled, and that has had no activity for more than ${QUIET_DAYS} days, counted in midnights of ${zone} to the last update. Activity is a note about the person, an activity with the person that was not called off, a move to the stage in which the opportunity stands, or its creation.`,
    },
    daysInStage: {
      term: "Days in stage",
      meaning:
        `Midnights of ${zone} from the update that first saw the opportunity in its stage to the last update. "At least" where it stood there before the first update that could tell.`,
    },
    hotList: {
      term: "Hot list",
      meaning:
        `Opportunities in active stages from ${hotFrom} to ${hotTo}, both included; the highest weighted IFF first.`,
    },
    iff: {
      term: "Weighted IFF",
      meaning:
        "The initial franchise fee, which is the deal size, times the likelihood of the stage. Unknown without either.",
    },
    notes: {
      term: "Notes",
      meaning:
        "What was written about people in ClientTether, newest first. A search finds its text anywhere in a note or its author's name.",
    },
    schedule: {
      term: "Schedule",
      meaning:
        `Activities later than now that are neither cancelled nor completed. Times are those of ${zone}.`,
    },
    report: {
      term: "Weekly report",
      meaning: "The figures of one week, frozen when they were published.",
    },
    unknown: {
      term: "–",
      meaning:
        "Unknown: the figure cannot be computed from what ClientTether has. The page says why. It never stands for zero.",
    },
  };
}
