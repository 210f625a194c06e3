import type {
  Fault,
  Simulator,
} from "../../../lib/clienttether/simulator/mod.ts";
import { rowsOf, simulatorOf } from "./_fixture.ts";

export const LEADS = "read_client_list";
export const PAGE_2 = `${LEADS}?limit=100&offset=100`;

/** A simulator of 250 leads with one fault on its leads. */
export function spoilt(fault: Fault): Simulator {
  const simulator = simulatorOf();
  simulator.faults.add({ stream: "leads", ...fault });
  return simulator;
}

/** The leads as they are without faults. */
export function trueRows(simulator: Simulator) {
  return simulator.brand("key-a").rows("leads");
}

/** The first lead of a simulator with one fault. */
export async function firstRow(fault: Fault) {
  const [row = {}] = await rowsOf(spoilt(fault), LEADS);
  return row;
}
