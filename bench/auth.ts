import { createPasswords, signIn } from "../lib/auth/mod.ts";
import { createUser, openStore } from "../lib/store/mod.ts";
import { MINUTE, TestClock } from "../tests/_clock.ts";
import { measureGuardReads } from "../tests/security/_guard_reads.ts";
import type { Rush } from "./_auth_child.ts";
import { runChild } from "./_children.ts";
import { type Bench, time } from "./_figures.ts";

const TRIES = 200;
/**
 * A quarter of the production cost: 400 hashes then take half a minute. A difference that comes from
 * anything but the hash is four times as large a share of this one.
 */
const COST = { N: 2 ** 13, r: 8, p: 3 };
const PASSWORD = "correct horse battery";

/** What many sign-ins at once cost, whether time tells who has an account, and what the guard reads. */
export const benchAuth: Bench = async (report) => {
  const rush = await runChild<Rush>("./_auth_child.ts", null);
  report({
    name: "auth.fifty_at_once.peak_memory",
    value: rush.peakBytes / 2 ** 20,
    unit: "MiB",
    goal: { atMost: 512 },
  });
  report({
    name: "auth.fifty_at_once.signed_in",
    value: rush.signedIn,
    unit: "sign-ins",
    goal: { atLeast: 18 },
  });
  report({
    name: "auth.fifty_at_once.refused",
    value: rush.refused,
    unit: "answers of 429",
    goal: { atLeast: 1 },
  });
  report({
    name: "auth.fifty_at_once.lost",
    value: rush.lost,
    unit: "sign-ins",
    goal: { atMost: 0 },
  });
  report({
    name: "auth.unknown_to_known.difference_of_medians",
    value: await timingDifference(),
    unit: "share of a hash",
    goal: { atMost: 0.05 },
  });
  report({
    name: "auth.guard.reads_beyond_the_page",
    value: await guardReads(),
    unit: "KV reads",
    goal: { atMost: 2 },
  });
};

/** How far apart the medians of wrong sign-ins at known and unknown addresses lie, in hashes. */
async function timingDifference(): Promise<number> {
  const clock = new TestClock();
  const store = await openStore({ path: ":memory:", clock });
  const passwords = createPasswords({ cost: COST });
  const passwordHash = await passwords.hash(PASSWORD);
  const known = "known@example.com";
  await createUser(store, { email: known, name: "K", passwordHash }, clock);
  const attempt = (email: string) =>
    time(() =>
      signIn(store, { email, password: "wrong" }, { clock, passwords })
    );
  const times = { known: [] as number[], unknown: [] as number[] };
  const hashes: number[] = [];
  for (let n = 0; n < TRIES; n++) {
    // The longest wait between attempts at one address.
    clock.advance(15 * MINUTE);
    const pair = [
      async () => times.known.push(await attempt(known)),
      async () => times.unknown.push(await attempt("nobody@example.com")),
    ];
    for (const turn of n % 2 ? pair.toReversed() : pair) await turn();
    if (n % 10 === 0) {
      hashes.push(await time(() => passwords.verify("wrong", passwordHash)));
    }
  }
  store.close();
  return Math.abs(median(times.known) - median(times.unknown)) /
    median(hashes);
}

/** The most that any role pays for the guard of a page or an endpoint, in reads. */
async function guardReads(): Promise<number> {
  const measured = await measureGuardReads();
  return Math.max(
    ...measured.map(({ guarded, believed }) => guarded - believed),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}
