/**
 * The same items, each of them asked for while the one before it is being worked on; no further one is. What goes
 * wrong is heard when its turn comes, and nothing goes on behind a caller who has left.
 */
export async function* oneAhead<T>(
  items: AsyncGenerator<T, void, void>,
): AsyncGenerator<T, void, void> {
  let next = items.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = items.next();
      next.catch(() => {});
      yield value;
    }
  } finally {
    await items.return();
  }
}
