import { pairsOf, type Query } from "./links.ts";

/** What of the address a GET form keeps. */
export function HiddenFields({ query }: { query: Query }) {
  return (
    <>
      {pairsOf(query).map(([name, value]) => (
        <input key={name + value} type="hidden" name={name} value={value} />
      ))}
    </>
  );
}
