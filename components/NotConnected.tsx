import { EmptyState } from "./EmptyState.tsx";

export interface NotConnectedProps {
  /** Activities that were read while the account still served them stand below. */
  kept?: boolean;
}

/** The account serves no activities: neither a failure nor an empty calendar. */
export function NotConnected({ kept = false }: NotConnectedProps) {
  return (
    <EmptyState title="The calendar is not connected.">
      This ClientTether account does not serve scheduled activities. It is asked
      again once a day; your agency can tell you more.
      {kept && " What it served before is shown below as it was then."}
    </EmptyState>
  );
}
