import { Badge } from "./Badge.tsx";

/** Marks in a list what came since the reader's last visit. */
export function NewMark() {
  return (
    <>
      {" "}
      <Badge tone="accent">New</Badge>
    </>
  );
}
