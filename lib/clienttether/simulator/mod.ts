/**
 * A fake of the ClientTether API for the demo, tests and benches: brands whose people,
 * deals, notes and activities live on hour by hour, and every upstream fault at will. It
 * shares no schema and no formula with the product, so that a mistake in one is seen by the
 * other.
 *
 * @module
 */
export {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
  type SimulatorServer,
} from "./simulator.ts";
export {
  type Fault,
  type FaultDoc,
  type FaultHandle,
  type FaultKind,
  FAULTS,
  type FaultScope,
  FaultSet,
  faultsOfRow,
} from "./faults.ts";
export type { CodeStyle } from "./_answers.ts";
export { DEMO_ACCESS_TOKEN, demoBrands } from "./demo.ts";
export type { SimulatedBrand } from "./_hooks.ts";
export type { LoggedRequest, RequestFilter, RequestLog } from "./_requests.ts";
export type {
  BrandConfig,
  DateStyle,
  EmptyStyle,
  LiteralRow,
  ModelActivity,
  ModelLead,
  ModelNote,
  ModelOpportunity,
  ModelRowOf,
  ModelStream,
  SimulatedStream,
  Spelling,
  StageConfig,
  TotalRecordStyle,
  WireRow,
} from "./types.ts";
export { SIMULATED_STREAMS } from "./types.ts";
