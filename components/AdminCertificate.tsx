import { formatCount, formatDateTime } from "../lib/domain/mod.ts";
import { Card } from "./Card.tsx";
import { DataTable } from "./DataTable.tsx";

export interface AdminCertificateProps {
  /** What the deletion of a brand removed. Times are ISO 8601. */
  certificate: {
    tenantId: string;
    storeId: string;
    startedAt: string;
    finishedAt: string;
    rows: Readonly<Record<string, number>>;
    total: number;
  };
}

/** What was removed with a brand, and where it may still be. */
export function AdminCertificate({ certificate }: AdminCertificateProps) {
  const { tenantId, storeId, startedAt, finishedAt, rows, total } = certificate;
  const until = formatDateTime(finishedAt, "UTC");
  return (
    <Card
      title="What was removed"
      says={`${formatCount(total)} rows, from ${
        formatDateTime(startedAt, "UTC")
      } to ${until} (UTC), brand ${tenantId} of database ${storeId}. The audit log keeps this.`}
    >
      <p class="mb-4 max-w-prose">
        Backups that were written before {until}{" "}
        (UTC) may still hold the brand. Whoever restores one of them must delete
        the brand again.
      </p>
      <DataTable
        caption="Rows that were removed"
        columns={[
          { kind: "text", head: "Rows", value: ({ kind }) => kind },
          { kind: "count", head: "Removed", value: ({ count }) => count },
        ]}
        rows={Object.entries(rows).map(([kind, count]) => ({ kind, count }))}
        rowKey={({ kind }) => kind}
        empty="There was nothing to remove."
      />
    </Card>
  );
}
