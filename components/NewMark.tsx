import { formatCount } from "../lib/domain/mod.ts";
import { Badge } from "./Badge.tsx";

/** Marks in a list what came since the reader's last visit; a row that counts several says how many of them did. */
export function NewMark({ count }: { count?: number }) {
  return (
    <>
      {" "}
      <Badge tone="accent">
        {count === undefined ? "New" : `${formatCount(count)} new`}
      </Badge>
    </>
  );
}
