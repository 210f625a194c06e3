import { addDifference, fingerprint, keyName, keyText } from "./_findings.ts";
import type { CheckContext } from "./_rows.ts";
import type { ApiToken } from "../api_tokens.ts";
import { partsBelow, TENANT_ROWS } from "../backup/rows.ts";
import type { KvPort } from "../_kv.ts";
import type { Row } from "../_records.ts";
import { type Key, keys, prefixes, tenantKeys } from "../keys.ts";
import { EVERY_TENANT, type Membership } from "../roles.ts";
import type { Session } from "../sessions.ts";
import type { Tenant } from "../tenant.ts";
import type { User } from "../user.ts";

type DirectoryContext = Omit<CheckContext, "k">;

/** Records and the one index row that each of them asks for. */
interface Pairing<V> {
  records: Key;
  index: Key;
  rowOf: (key: Key, value: V) => Row;
  /** The record that an index row was made from. */
  recordOf: (row: Row) => Key;
}

const allOf = (key: Key): Key => key.slice(0, 1);

const SLUGS: Pairing<Tenant> = {
  records: prefixes.tenants(),
  index: allOf(keys.tenantBySlug("")),
  rowOf: (_, { id, slug }) => ({ key: keys.tenantBySlug(slug), value: id }),
  recordOf: ({ value }) => keys.tenant(String(value)),
};

const EMAILS: Pairing<User> = {
  records: prefixes.users(),
  index: allOf(keys.userByEmail("")),
  rowOf: (_, { id, email }) => ({ key: keys.userByEmail(email), value: id }),
  recordOf: ({ value }) => keys.user(String(value)),
};

const MEMBERS: Pairing<Membership> = {
  records: allOf(keys.membership("", "")),
  index: allOf(keys.membershipByTenant("", "")),
  rowOf: (_, value) => ({
    key: keys.membershipByTenant(value.scope, value.userId),
    value,
  }),
  recordOf: ({ key }) => keys.membership(String(key[2]), String(key[1])),
};

const SESSIONS: Pairing<Session> = {
  records: allOf(keys.session("")),
  index: allOf(keys.sessionByUser("", "")),
  rowOf: (key, { userId, createdAt }) => ({
    key: keys.sessionByUser(userId, String(key[1])),
    value: createdAt,
  }),
  recordOf: ({ key }) => keys.session(String(key[2])),
};

const API_TOKENS: Pairing<ApiToken> = {
  records: prefixes.apiTokens(),
  index: allOf(keys.apiTokenByTenant("", "")),
  rowOf: (key, { tenantId, createdAt }) => ({
    key: keys.apiTokenByTenant(tenantId, String(key[1])),
    value: createdAt,
  }),
  recordOf: ({ key }) => keys.apiToken(String(key[2])),
};

/** Compares what belongs to no tenant: each index with its records both ways, and every name with what it names. */
export async function checkDirectoryRows(
  context: DirectoryContext,
): Promise<void> {
  await checkPairs(context, SLUGS);
  await checkPairs(context, EMAILS);
  await checkPairs(context, MEMBERS);
  await checkPairs(context, SESSIONS);
  await checkPairs(context, API_TOKENS);
  await checkMemberships(context);
  await checkNamedTenant(context, prefixes.syncDue(), "marks");
  await checkNamedTenant(context, API_TOKENS.index, "opens");
  await checkTenants(context);
}

/** The portal is in use meanwhile, so that what looks wrong is read once more, both rows at one moment. */
async function checkPairs<V>(
  { port, findings, signal }: DirectoryContext,
  { records, index, rowOf, recordOf }: Pairing<V>,
): Promise<void> {
  const expected = new Map<string, { record: Key; row: Key; value: number }>();
  for await (const { key, value } of port.list<V>({ prefix: records })) {
    findings.records++;
    const row = rowOf(key, value);
    expected.set(keyText(row.key), {
      record: key,
      row: row.key,
      value: fingerprint(row.value),
    });
  }
  const doubtful: { record: Key; row: Key }[] = [];
  for await (const row of port.list({ prefix: index })) {
    signal?.throwIfAborted();
    findings.indexRows++;
    const wanted = expected.get(keyText(row.key));
    expected.delete(keyText(row.key));
    if (wanted?.value !== fingerprint(row.value)) {
      doubtful.push({ record: wanted?.record ?? recordOf(row), row: row.key });
    }
  }
  doubtful.push(...expected.values());
  for (const { record, row } of doubtful) {
    const [source, found] = await port.getMany<unknown>([record, row]);
    const wanted = source?.versionstamp
      ? rowOf(record, source.value as V)
      : null;
    const line = flawOf({ key: row, value: found?.value ?? null }, wanted);
    if (line) addDifference(findings, `${keyName(shown(row))}: ${line}`);
  }
}

/** What is wrong with a row that a record may ask for; null when all is well. */
function flawOf(found: Row, wanted: Row | null): string | null {
  const asked = wanted !== null && keyText(wanted.key) === keyText(found.key);
  if (found.value === null) {
    return asked ? "is missing, though a record asks for it" : null;
  }
  if (!asked) return "belongs to no record";
  return fingerprint(found.value) === fingerprint(wanted.value)
    ? null
    : "does not hold what its record says";
}

/** Hashes of tokens are shown by their beginning. */
function shown(key: Key): Key {
  return key.map((part) =>
    typeof part === "string" && /^[0-9a-f]{64}$/.test(part)
      ? `${part.slice(0, 12)}…`
      : part
  );
}

async function checkMemberships(
  { port, findings }: DirectoryContext,
): Promise<void> {
  const rows = port.list<Membership>({ prefix: MEMBERS.records });
  for await (const { key } of rows) {
    const [, user, scope] = key.map(String);
    const names = [keys.user(user!)];
    if (scope !== EVERY_TENANT) names.push(keys.tenant(scope!));
    for (const { key: name, versionstamp } of await port.getMany(names)) {
      if (versionstamp !== null) continue;
      addDifference(
        findings,
        `${keyName(key)}: names ${keyName(name)}, which is not there`,
      );
    }
  }
}

/** Rows whose keys name a tenant in their second part. */
async function checkNamedTenant(
  { port, findings }: DirectoryContext,
  prefix: Key,
  verb: string,
): Promise<void> {
  for await (const { key } of port.list({ prefix })) {
    const { versionstamp } = await port.get(keys.tenant(String(key[1])));
    if (versionstamp !== null) continue;
    addDifference(
      findings,
      `${keyName(shown(key))}: ${verb} a tenant that is not there`,
    );
  }
}

/** Every tenant has its status, and nobody's rows stand where no tenant is. */
async function checkTenants({ port, findings }: DirectoryContext) {
  for await (const { key } of port.list({ prefix: prefixes.tenants() })) {
    const state = tenantKeys(String(key[1])).state();
    if ((await port.get(state)).versionstamp !== null) continue;
    addDifference(findings, `${keyName(key)}: has no status`);
  }
  for await (const part of partsBelow(port, TENANT_ROWS)) {
    const id = String(part);
    if ((await port.get(keys.tenant(id))).versionstamp !== null) continue;
    if (await isPurged(port, id)) continue;
    addDifference(findings, `t / ${id}: rows of a tenant that is not there`);
  }
}

/** Whether nothing is left of a tenant but the word that it was purged. */
async function isPurged(port: KvPort, id: string): Promise<boolean> {
  const prefix = tenantKeys(id).all();
  const rows = await Array.fromAsync(port.list({ prefix }, { limit: 2 }));
  return rows.length === 1 && rows[0]?.value === "purged";
}
