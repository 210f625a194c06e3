import { AccountHead } from "./AccountHead.tsx";
import { adminTenantPath } from "./admin_words.ts";
import { Segments } from "./Segments.tsx";

/** The pages of one brand, as the agency sees it. */
export type AdminTenantPage =
  | "settings"
  | "runs"
  | "quarantine"
  | "tokens"
  | "erase";

const PAGES: ReadonlyArray<
  { page: AdminTenantPage; label: string; path: string }
> = [
  { page: "settings", label: "Settings", path: "" },
  { page: "runs", label: "Runs", path: "/runs" },
  { page: "quarantine", label: "Quarantine", path: "/quarantine" },
  { page: "tokens", label: "API tokens", path: "/tokens" },
  { page: "erase", label: "Erase a person", path: "/erase" },
];

export interface AdminTenantHeadProps {
  tenant: { id: string; slug: string; name: string };
  page: AdminTenantPage;
}

/** The name of a brand, the way back, and its other pages. */
export function AdminTenantHead({ tenant, page }: AdminTenantHeadProps) {
  const path = adminTenantPath(tenant);
  return (
    <>
      <AccountHead
        title={tenant.name}
        back={{ href: "/admin/tenants", text: "Brands" }}
      />
      <div class="mb-5">
        <Segments
          label="Pages of the brand"
          choices={PAGES.map((one) => ({
            label: one.label,
            name: `${one.label} of this brand`,
            href: path + one.path,
            chosen: one.page === page,
          }))}
        />
      </div>
    </>
  );
}
