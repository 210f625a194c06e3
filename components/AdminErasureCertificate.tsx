import { formatCount, formatDateTime } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { DataTable } from "./DataTable.tsx";
import { erasedKindWord } from "./admin_words.ts";

export interface AdminErasureCertificateProps {
  /** What the erasure of one person removed. Times are ISO 8601. */
  certificate: {
    personHash: string;
    startedAt: string;
    finishedAt: string;
    keepOut: boolean;
    removed: Readonly<Record<string, number>>;
    total: number;
  };
}

/** What was removed of a person, and where the person may still be. Names nobody. */
export function AdminErasureCertificate(
  { certificate }: AdminErasureCertificateProps,
) {
  const { personHash, startedAt, finishedAt, keepOut, removed, total } =
    certificate;
  const until = formatDateTime(finishedAt, "UTC");
  const kinds = Object.entries(removed).map(([kind, count]) => ({
    kind,
    count,
  }));
  return (
    <Card
      title="Certificate"
      says={`${formatCount(total)} rows and raw records, from ${
        formatDateTime(startedAt, "UTC")
      } to ${until} (UTC). The audit log keeps this.`}
    >
      <div class="grid gap-3 max-w-prose mb-4">
        <p>
          {keepOut
            ? "Later syncs leave the person out."
            : "The next sync brings back what ClientTether still has of the person. Remove it there too."}
        </p>
        <p>
          <strong>Backups that were written before {until} (UTC)</strong>{" "}
          may still hold the person: the portal does not know when backups were
          written. Delete them, or erase the person again after restoring one.
        </p>
      </div>
      <DataTable
        caption="What was removed"
        columns={[
          {
            kind: "text",
            head: "Kind",
            value: ({ kind }) => erasedKindWord(kind),
          },
          { kind: "count", head: "Removed", value: ({ count }) => count },
        ]}
        rows={kinds}
        rowKey={({ kind }) => kind}
        empty="There was nothing to remove."
        totals={["All", formatCount(total)]}
      />
      <p class="mt-4 text-small text-ink-3 break-words">
        From here on the person is known as {personHash}{" "}
        alone: made of the id, and nobody can read the id from it.
      </p>
    </Card>
  );
}
