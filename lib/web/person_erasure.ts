import { ConflictError, NotFoundError } from "../domain/mod.ts";
import { getTenantStatus, type Tenant } from "../store/mod.ts";
import { erasePerson, type ErasureCertificate } from "../sync/mod.ts";
import { actorOf } from "./audit.ts";
import type { SignedInRequest } from "./people.ts";

/**
 * Erases a person of a tenant for the user of this request, whom the entry in the audit log names. One that was cut
 * off goes on.
 *
 * @throws {ConflictError} for the person at the form: nothing is known of such a lead, a sync is under way, or the
 * tenant is not active.
 * @throws {TransientError} when the database does not answer.
 */
export async function erasePersonOf(
  { state: { services, signedIn, requestId } }: SignedInRequest,
  { id, name }: Tenant,
  personId: string,
  keepOut: boolean,
): Promise<ErasureCertificate> {
  const { store, clock } = services;
  const actor = actorOf(signedIn.user);
  const options = { keepOut, actor, requestId };
  try {
    const deps = { store, clock };
    const certificate = await erasePerson(deps, id, personId, options);
    if (certificate) return certificate;
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new ConflictError(
      `Nothing was removed: the portal holds nothing about lead '${personId}'`,
      { cause: error },
    );
  }
  const status = await getTenantStatus(store, id);
  throw new ConflictError(
    status === "active"
      ? `A sync of ${name} is under way: try again when it has ended`
      : `${name} is ${status}: activate it first, and erase then`,
  );
}
