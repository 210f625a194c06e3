import type { StageConfig } from "./types.ts";

/** The usual order of a franchise sales cycle, with what stands beside it. */
const STANDARD: readonly StageConfig[] = [
  step("New Lead", 1, "1"),
  step("Outbound Call", 2, "2"),
  step("Inbound Contact", 3, "4"),
  step("Initial Call Scheduled", 4, "6"),
  step("Initial Call Complete", 5, "10"),
  step("QR Sent", 6, "12"),
  step("QR Returned", 7, "20"),
  step("FDD Sent", 8, "25"),
  step("FDD Signed", 9, "30"),
  step("FDD Review Call Scheduled", 10, "35"),
  step("FDD Review Call Completed", 11, "40"),
  step("Deal Structure", 12, "50"),
  step("Discovery Day Booked", 13, "60"),
  step("Discovery Day Completed", 14, "72.5"),
  step("FA Requested", 15, "80"),
  step("FA Sent", 16, "90"),
  step("FA Signed", 17, "100"),
  parked("Future Interest", 18, "5"),
  lost("Not Interested", 19),
  lost("Dead Lead", 20),
  customer("Onboarding", 1),
  customer("Open", 2),
];

/** A shorter cycle: likelihoods as percentages, Future Interest without an order. */
const COMPACT: readonly StageConfig[] = [
  step("New Lead", 10, "2%"),
  step("Initial Call Complete", 20, "10%"),
  step("QR Returned", 30, "20%"),
  step("FDD Signed", 40, "35%"),
  step("Deal Structure", 50, "50%"),
  step("Discovery Day Completed", 60, "70%"),
  step("FA Sent", 70, "90%"),
  step("FA Signed", 80, "100%"),
  parked("Future Interest", null, ""),
  lost("Dead Lead", 90),
  customer("Open", 10),
];

function step(name: string, order: number, likelihood: string): StageConfig {
  return { name, role: "step", active: true, order, likelihood };
}

function parked(
  name: string,
  order: number | null,
  likelihood: string,
): StageConfig {
  return { name, role: "parked", active: true, order, likelihood };
}

function lost(name: string, order: number): StageConfig {
  return { name, role: "lost", active: false, order, likelihood: "0" };
}

/** A stage of people who have bought: contact type "2", never a prospect's. */
function customer(name: string, order: number): StageConfig {
  return {
    name,
    role: "parked",
    active: true,
    order,
    likelihood: "",
    contactType: "2",
  };
}

/** A brand's stages, and the places of each kind among them. */
export interface StageTable {
  all: readonly StageConfig[];
  /** Places of the prospects' steps, in order. */
  steps: number[];
  /** Places of the prospects' parked and lost stages. */
  parked: number[];
  lost: number[];
  /** Places of the customers' stages. */
  customers: number[];
}

/** Reads a brand's `stageSet`. Throws RangeError for one that no lead could live in. */
export function stageTable(
  set: "standard" | "compact" | readonly StageConfig[] = "standard",
  brand = "",
): StageTable {
  const all = set === "standard" ? STANDARD : set === "compact" ? COMPACT : set;
  const places = (test: (stage: StageConfig) => boolean) =>
    all.flatMap((stage, place) => test(stage) ? [place] : []);
  const prospects = (role: StageConfig["role"]) =>
    places((s) => s.role === role && s.contactType !== "2");
  const steps = prospects("step");
  if (steps.length < 2 || all.length > 255) {
    throw new RangeError(
      `Cannot create brand '${brand}': its stage set needs two or more steps and at most 255 stages`,
    );
  }
  return {
    all,
    steps,
    parked: prospects("parked"),
    lost: prospects("lost"),
    customers: places((s) => s.contactType === "2"),
  };
}
