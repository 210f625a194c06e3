/** Milliseconds of work that others of the same thread may be kept waiting. */
const LONGEST_STRETCH_MS = 5;
/** Milliseconds that work waits for those who go first: where they never end it still gets on. */
const LONGEST_REST_MS = 25;
const NOTHING = new Uint8Array();

/** How many things are being done for which somebody waits. */
let urgent = 0;
/** Told when there are none any more. */
let onQuiet: (() => void)[] = [];
/** When this thread last let others go first, milliseconds. */
let rested = 0;
/** The rest under way: all long work of the thread takes it at once, or the thread would not come to rest. */
let rest: Promise<void> | null = null;

/**
 * Whether long work has kept the thread to itself for long enough. A sync of many records shares one with the people
 * who look at pages: between two records it lets them go first.
 *
 * ```ts
 * for (const record of many) {
 *   if (isTimeToGiveWay()) await giveWay();
 *   work(record);
 * }
 * ```
 */
export function isTimeToGiveWay(): boolean {
  return rest !== null || performance.now() - rested >= LONGEST_STRETCH_MS;
}

/** Resolves when those who were waiting have had their turn. */
export function giveWay(): Promise<void> {
  return rest ??= takeRest().finally(() => {
    rest = null;
    rested = performance.now();
  });
}

/** Does something for which somebody waits, a page: long work on the same thread rests meanwhile. */
export async function goingFirst<T>(work: () => Promise<T>): Promise<T> {
  urgent++;
  try {
    return await work();
  } finally {
    urgent--;
    if (urgent === 0) {
      for (const tell of onQuiet) tell();
      onQuiet = [];
    }
  }
}

async function takeRest(): Promise<void> {
  await turn();
  const ends = performance.now() + LONGEST_REST_MS;
  while (urgent > 0 && performance.now() < ends) {
    await quiet(ends - performance.now());
    await turn();
  }
}

/**
 * Resolves when the event loop has been round. Deno looks at its sockets when the thread would sleep: not before what
 * `setImmediate()` asks for, so that requests would wait for many rounds, and for a timer it sleeps 2 ms at least.
 * This is done by another thread, in a tenth of that.
 */
async function turn(): Promise<void> {
  await crypto.subtle.digest("SHA-256", NOTHING);
}

/** Resolves when nothing goes first any more, or after some milliseconds. */
function quiet(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    onQuiet.push(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
