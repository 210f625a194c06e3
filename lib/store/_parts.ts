/** The same in parts of a size, the last of what is left. */
export function partsOf<T>(all: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < all.length; at += size) {
    parts.push(all.slice(at, at + size));
  }
  return parts;
}

/** What work makes of each, some of them at a time; in their order. */
export async function someAtATime<T, R>(
  all: readonly T[],
  size: number,
  work: (one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (const some of partsOf(all, size)) {
    results.push(...await Promise.all(some.map(work)));
  }
  return results;
}
