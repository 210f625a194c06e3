import {
  createSimulator,
  type SimulatedBrand,
} from "../lib/clienttether/simulator/mod.ts";
import {
  answerQuestions,
  BENCH_TOKEN,
  BENCH_ZONE,
  type Size,
  START,
} from "./_children.ts";

/** What the parent may ask for. */
export type SimulatorQuestion =
  /** Edits a share of a brand's leads, opportunities and notes; answers how many. */
  { edit: string; share: number };

/** The lists, with a field that people edit. */
const EDITS = [
  { stream: "leads", put: "putLead", field: "phone" },
  { stream: "opportunities", put: "putOpportunity", field: "deal_size" },
  { stream: "notes", put: "putNote", field: "content" },
] as const;

/** Every edit writes another value, the same ones in every run. */
let value = 500;

function edit(brand: SimulatedBrand, share: number): number {
  const first = value;
  for (const { stream, put, field } of EDITS) {
    const rows = brand.rows(stream);
    const every = Math.round(1 / share);
    // Of notes the newest: an hourly sync asks for those of the last days alone.
    const some = stream === "notes"
      ? rows.slice(-Math.ceil(rows.length * share))
      : rows.filter((_, n) => n % every === 0);
    for (const row of some) {
      brand[put]({ ...row, [field]: `${value++}` });
    }
  }
  return value - first;
}

/** A simulated API in a process of its own; prints its address, then answers questions. */
if (import.meta.main) {
  const sizes: Record<string, Size> = JSON.parse(Deno.args[0]!);
  const simulator = createSimulator({
    seed: 7,
    clock: { now: () => START, sleep: () => Promise.resolve() },
    brands: Object.entries(sizes).map(([webKey, size]) => ({
      name: webKey,
      webKey,
      accessToken: BENCH_TOKEN,
      timezone: BENCH_ZONE,
      ...size,
    })),
  });
  const server = simulator.serve();
  await answerQuestions<SimulatorQuestion>(
    { url: server.url },
    (question) => edit(simulator.brand(question.edit), question.share),
  );
  await server.shutdown();
}
