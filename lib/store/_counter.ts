import { keys } from "./keys.ts";
import { kvOf, type Store } from "./_store.ts";
import { inTurn, subjectHash } from "./_turns.ts";

/** What becomes of a counter: an answer, and with it the counter as it is then, or left as it stands. */
export type Decision<Counter, Answer> =
  | { answer: Answer }
  | { answer: Answer; value: Counter; expireIn: number };

/** Within an instance those who count queue up, so that only other instances collide. */
const TRIES = 20;

/**
 * Reads a counter, decides, and writes it where nobody else has written in between; else once more.
 *
 * @param kind What is counted: "sign_in.account".
 * @param subject Whom it concerns; only its hash is stored.
 * @param decide May run several times; it gets what is stored.
 * @param crowded The answer where others were faster every time.
 */
export function updateCounter<Counter, Answer>(
  store: Store,
  kind: string,
  subject: string,
  decide: (stored: Counter | null) => Decision<Counter, Answer>,
  crowded: Answer,
): Promise<Answer> {
  const kv = kvOf(store);
  const key = keys.throttle(kind, subjectHash(subject));
  return inTurn(store, key, async () => {
    for (let tries = 0; tries < TRIES; tries++) {
      const { value: stored, versionstamp } = await kv.get<Counter>(key);
      const decision = decide(stored);
      if (!("value" in decision)) return decision.answer;
      const { answer, value, expireIn } = decision;
      const { ok } = await kv.commit({
        checks: [{ key, versionstamp }],
        sets: [{ key, value, expireIn }],
      });
      if (ok) return answer;
    }
    return crowded;
  });
}
