/** What is made of some things, so many of them at a time. */
export async function inParts<T, R>(
  all: readonly T[],
  size: number,
  work: (some: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < all.length; at += size) {
    results.push(...await work(all.slice(at, at + size)));
  }
  return results;
}
