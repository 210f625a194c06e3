import type { LogoFacts, TenantSettings } from "../domain/mod.ts";

/** Only an active tenant is synced and shown to its members. */
export type TenantStatus = "active" | "inactive" | "suspended" | "purged";

/** AES-256-GCM; made by lib/auth with the tenant's id and the field's name as additional data. */
export interface SealedSecret {
  keyId: string;
  iv: Uint8Array;
  data: Uint8Array;
}

/** `["tenants", id]`: a brand. Its status stands apart, since every commit of a sync checks it. */
export interface Tenant extends TenantSettings {
  id: string;
  /** Names the tenant in addresses and on the command line: small letters, digits and hyphens. */
  slug: string;
  name: string;
  /** The brand's colour, `#rrggbb`. */
  accent: string | null;
  /** Missing where there never was one. */
  logo?: LogoFacts | null;
  clienttetherWebKey: SealedSecret | null;
  /** What may be shown of the web key. */
  webKeyLast4: string | null;
  clienttetherAccessToken: SealedSecret | null;
  createdAt: string;
  updatedAt: string;
}

/** What a tenant is made of; what is left out gets its default. */
export type NewTenant =
  & Pick<Tenant, "name" | "timezone">
  & Partial<Omit<Tenant, "logo" | "createdAt" | "updatedAt">>;

/** What may be changed of a tenant. */
export type TenantPatch = Partial<
  Omit<Tenant, "id" | "logo" | "createdAt" | "updatedAt">
>;

/** A tenant as a list of them shows it. */
export interface TenantListing {
  tenant: Tenant;
  status: TenantStatus;
  /** ISO 8601 UTC of the last complete sync, null before the first. */
  lastSyncAt: string | null;
}
