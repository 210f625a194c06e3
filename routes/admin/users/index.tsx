import { Head } from "fresh/runtime";
import { page } from "fresh";
import { Card } from "../../../components/Card.tsx";
import { DataTable } from "../../../components/DataTable.tsx";
import { roleName } from "../../../components/people_words.ts";
import { SearchForm } from "../../../components/SearchForm.tsx";
import { counted } from "../../../components/sentences.ts";
import { listSessions } from "../../../lib/auth/mod.ts";
import {
  EVERY_TENANT,
  listMemberships,
  listTenantNames,
  listUsers,
  type Store,
  type User,
} from "../../../lib/store/mod.ts";
import { defineSignedIn, parseQuery, textParam } from "../../../lib/web/mod.ts";

const QUERY = { search: textParam() };

interface UserRow {
  id: string;
  name: string;
  email: string;
  status: User["status"];
  /** "Viewer in Birch Bakery, Admin in Cedar Coffee". */
  roles: string | null;
  /** ISO 8601 of the last request, as long as the session lasts. */
  seenAt: string | null;
}

export const handler = defineSignedIn.handlers({
  async GET({ url, state: { services: { store, clock } } }) {
    const { search } = parseQuery(url, QUERY);
    const wanted = (search ?? "").toLowerCase();
    const [users, tenants] = await Promise.all([
      listUsers(store),
      listTenantNames(store),
    ]);
    const names = new Map(tenants.map(({ id, name }) => [id, name]));
    const found = users.filter(({ name, email }) =>
      `${name} ${email}`.toLowerCase().includes(wanted)
    );
    const rows = await Promise.all(found.map(async (user): Promise<UserRow> => {
      const { id, name, email, status } = user;
      const roles = await rolesOf(store, id, names);
      const [latest] = await listSessions(store, user, clock);
      return { id, name, email, status, roles, seenAt: latest?.seenAt ?? null };
    }));
    return page({ rows, search, total: users.length });
  },
});

async function rolesOf(
  store: Store,
  userId: string,
  names: ReadonlyMap<string, string>,
): Promise<string | null> {
  const memberships = await listMemberships(store, userId);
  const roles = memberships.flatMap(({ scope, role }) => {
    if (scope === EVERY_TENANT) return [roleName(role)];
    const name = names.get(scope);
    return name ? [`${roleName(role)} in ${name}`] : [];
  });
  return roles.length > 0 ? roles.join(", ") : null;
}

export default defineSignedIn.page<typeof handler>(
  function AdminUsers({ data: { rows, search, total } }) {
    return (
      <>
        <Head>
          <title>People - Tetherboard</title>
        </Head>
        <h1 class="mb-5 text-title font-bold">People</h1>
        <Card
          title="Everybody with an account"
          says={
            <>
              {search ? `${rows.length} of ` : ""}
              {counted(total, "account")}.{" "}
              <a class="link" href="/admin/invitations">Invite somebody</a>
            </>
          }
          aside={
            <SearchForm
              label="Search name or e-mail"
              value={search}
              keep={{}}
            />
          }
        >
          <DataTable
            stacks
            caption="People"
            columns={[
              {
                kind: "text",
                head: "Name",
                value: ({ name }) => name,
                href: ({ id }) => `/admin/users/${encodeURIComponent(id)}`,
              },
              { kind: "text", head: "E-mail", value: ({ email }) => email },
              {
                kind: "badge",
                head: "Status",
                value: ({ status }) =>
                  status === "active"
                    ? { text: "Active" }
                    : { text: "Disabled", tone: "warn" },
              },
              {
                kind: "text",
                head: "Roles",
                wide: true,
                value: ({ roles }) => roles,
                missing: "None",
              },
              {
                kind: "datetime",
                head: "Signed in, last seen",
                value: ({ seenAt }) => seenAt,
              },
            ]}
            rows={rows}
            rowKey={({ id }) => id}
            timezone="UTC"
            empty={`Nobody matches '${search ?? ""}'.`}
          />
        </Card>
      </>
    );
  },
);
