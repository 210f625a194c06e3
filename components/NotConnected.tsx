import { EmptyState } from "./EmptyState.tsx";

/** The account serves no activities: neither a failure nor an empty calendar. */
export function NotConnected() {
  return (
    <EmptyState title="The calendar is not connected.">
      This ClientTether account does not serve scheduled activities. It is asked
      again once a day; your agency can tell you more.
    </EmptyState>
  );
}
