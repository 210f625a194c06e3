import { createPasswords, signIn } from "../lib/auth/mod.ts";
import { createUser, type KvOperation, openStore } from "../lib/store/mod.ts";
import { createTestApp } from "../tests/_app.ts";
import { MINUTE, TestClock } from "../tests/_clock.ts";
import { createTestBrand } from "../tests/_data.ts";
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

/**
 * Reads of a page that it would not make for a reader whom it believes. The memberships are not among them,
 * since the switch in the header lists them: an endpoint, which has no header, reads one row more for its guard.
 */
async function guardReads(): Promise<number> {
  const reads: string[] = [];
  const store = await openStore({
    path: ":memory:",
    observe: ({ kind, keys }: KvOperation) => {
      if (kind !== "commit") reads.push(String(keys[0]?.[0]));
    },
  });
  const app = await createTestApp({ store });
  const brand = await createTestBrand(store, "acme", app.clock);
  const user = await app.createUser("tenant_viewer", brand.id);
  const browser = await app.signedIn(user);
  reads.length = 0;
  const answer = await browser.get("/leads?w=acme");
  await answer.body?.cancel();
  if (answer.status !== 200) throw new Error("Cannot measure: no page came");
  store.close();
  return reads.filter((row) => row === "sessions" || row === "users").length;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}
