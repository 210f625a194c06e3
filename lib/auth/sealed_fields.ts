import {
  listTenantSecrets,
  listTotpSecrets,
  replaceTenantSecret,
  replaceTotpSecret,
  SEALED_TENANT_FIELDS,
  type SealedSecret,
  type SealedTenantField,
  type Store,
} from "../store/mod.ts";
import { TOTP_FIELD } from "./totp.ts";

/** A place where sealed secrets stand: what {@linkcode rotateSecrets} has to know of it. */
export interface SealedField {
  /** The field that the secrets are bound to. */
  name: string;
  /** Every secret of the place, with the tenant or the user that it is bound to. */
  list(store: Store): AsyncIterable<{ ownerId: string; sealed: SealedSecret }>;
  /** Writes `after` where `before` still stands; false where it does not. */
  replace(
    store: Store,
    ownerId: string,
    before: SealedSecret,
    after: SealedSecret,
  ): Promise<boolean>;
}

/** Every place that holds sealed secrets. Whoever seals something new adds it here. */
export const SEALED_FIELDS: readonly SealedField[] = [
  ...SEALED_TENANT_FIELDS.map(ofTenants),
  { name: TOTP_FIELD, list: listTotpSecrets, replace: replaceTotpSecret },
];

function ofTenants(name: SealedTenantField): SealedField {
  return {
    name,
    list: (store) => listTenantSecrets(store, name),
    replace: (store, id, before, after) =>
      replaceTenantSecret(store, id, name, before, after),
  };
}
