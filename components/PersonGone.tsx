import { formatDateTime, zoneName } from "../lib/domain/mod.ts";

export interface PersonGoneProps {
  /** Null where ClientTether's list of people never had the person. */
  removedAt: string | null;
  timezone: string;
}

/** Says that ClientTether lists the person no longer, or never did; what is left stands below. */
export function PersonGone({ removedAt, timezone }: PersonGoneProps) {
  return (
    <div
      role="status"
      class="mb-4 rounded-card border border-warn-line bg-warn px-4 py-3 text-warn-ink"
    >
      <p class="font-semibold">
        {removedAt === null
          ? "ClientTether's list of people does not have this person."
          : `No longer in ClientTether since ${
            formatDateTime(removedAt, timezone)
          } (${zoneName(timezone)}).`}
      </p>
      <p>
        {removedAt === null
          ? "Other records name the person; they are shown below."
          : "Name and contact details are not kept. What ClientTether still has of the person is shown below."}
      </p>
    </div>
  );
}
