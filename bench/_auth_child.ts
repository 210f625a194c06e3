/**
 * Signs fifty people in at once, each at an address of their own, through the whole app at the production
 * cost of a hash; prints what became of them and the most memory that took.
 */
import { passwords } from "../lib/auth/mod.ts";
import { createUser, openStore } from "../lib/store/mod.ts";
import { createTestApp, TEST_PASSWORD } from "../tests/_app.ts";
import { peakMemory, say } from "./_children.ts";

/** What fifty sign-ins at once came to. */
export interface Rush {
  signedIn: number;
  /** Answered 429, with the time after which to try again. */
  refused: number;
  /** Answered otherwise, or not at all. */
  lost: number;
  peakBytes: number;
}

const PEOPLE = 50;

const store = await openStore({ path: ":memory:" });
const app = await createTestApp({ store, services: { passwords } });
const passwordHash = await passwords.hash(TEST_PASSWORD);
const rush: Rush = { signedIn: 0, refused: 0, lost: 0, peakBytes: 0 };
const people = Array.from({ length: PEOPLE }, (_, n) => ({
  email: `person-${n}@example.com`,
  name: `Person ${n}`,
  passwordHash,
}));
for (const person of people) await createUser(store, person, app.clock);

await Promise.all(people.map(async ({ email }, n) => {
  const form = { email, password: TEST_PASSWORD };
  try {
    const answer = await app.browser(`192.0.2.${n}`).post("/login", form);
    await answer.body?.cancel();
    if (answer.status === 303) rush.signedIn++;
    else if (answer.status === 429 && answer.headers.has("retry-after")) {
      rush.refused++;
    } else rush.lost++;
  } catch {
    rush.lost++;
  }
}));
say({ ...rush, peakBytes: await peakMemory() });
store.close();
