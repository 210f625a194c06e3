import { Head } from "fresh/runtime";
import { page } from "fresh";
import { ButtonLink } from "../../../components/Button.tsx";
import { Card } from "../../../components/Card.tsx";
import { DataTable } from "../../../components/DataTable.tsx";
import { NumberedPages } from "../../../components/NumberedPages.tsx";
import { roleName } from "../../../components/people_words.ts";
import { QueryNotice } from "../../../components/QueryNotice.tsx";
import { SearchForm } from "../../../components/SearchForm.tsx";
import { counted } from "../../../components/sentences.ts";
import { formatCount } from "../../../lib/domain/mod.ts";
import { listSessions } from "../../../lib/auth/mod.ts";
import {
  EVERY_TENANT,
  listMembers,
  listMemberships,
  listTenantNames,
  listUsers,
  type Store,
  type User,
} from "../../../lib/store/mod.ts";
import {
  defineSignedIn,
  localUrl,
  pageParam,
  readQuery,
  textParam,
} from "../../../lib/web/mod.ts";

const QUERY = { search: textParam(), tenant: textParam(), page: pageParam() };
const PAGE_SIZE = 50;

interface UserRow {
  id: string;
  name: string;
  email: string;
  status: User["status"];
  /** "Viewer in Birch Bakery, Admin in Cedar Coffee". */
  roles: string | null;
  hasSecondFactor: boolean;
  /** ISO 8601 of the last request, as long as the session lasts. */
  seenAt: string | null;
}

export const handler = defineSignedIn.handlers({
  async GET({ url, state: { services: { store, clock } } }) {
    const { values, problems } = readQuery(url, QUERY);
    const { search, tenant: slug } = values;
    const wanted = (search ?? "").toLowerCase();
    const [users, tenants] = await Promise.all([
      listUsers(store),
      listTenantNames(store),
    ]);
    const names = new Map(tenants.map(({ id, name }) => [id, name]));
    const tenant = tenants.find((one) => one.slug === slug) ?? null;
    if (slug && !tenant) problems.push(`There is no brand '${slug}'`);
    const members = tenant && new Set(
      (await listMembers(store, tenant.id)).map(({ userId }) => userId),
    );
    const found = users.filter(({ id, name, email }) =>
      `${name} ${email}`.toLowerCase().includes(wanted) &&
      (members?.has(id) ?? true)
    );
    const from = (values.page - 1) * PAGE_SIZE;
    const shown = found.slice(from, from + PAGE_SIZE);
    const rows = await Promise.all(shown.map(async (user): Promise<UserRow> => {
      const { id, name, email, status, secondFactorAt } = user;
      const roles = await rolesOf(store, id, names);
      const [latest] = await listSessions(store, user, clock);
      return {
        id,
        name,
        email,
        status,
        roles,
        hasSecondFactor: !!secondFactorAt,
        seenAt: latest?.seenAt ?? null,
      };
    }));
    return page({
      rows,
      found: found.length,
      page: values.page,
      search,
      tenant,
      problems,
      total: users.length,
    });
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
  function AdminUsers({ data }) {
    const { rows, found, search, tenant, total } = data;
    const shown = search || tenant ? `${formatCount(found)} of ` : "";
    return (
      <>
        <Head>
          <title>People - Tetherboard</title>
        </Head>
        <h1 class="mb-5 text-title font-bold">People</h1>
        <QueryNotice problems={data.problems} />
        <div class="mb-4 flex flex-wrap items-end justify-between gap-3">
          <SearchForm
            label="Search name or e-mail"
            value={search}
            keep={{ tenant: tenant?.slug }}
          />
          <ButtonLink
            href={localUrl("/admin/invitations", {
              tenant: tenant?.slug ?? null,
            })}
            primary
          >
            Invite somebody
          </ButtonLink>
        </div>
        <Card
          title={tenant
            ? `People of ${tenant.name}`
            : "Everybody with an account"}
          says={
            <>
              {shown}
              {counted(total, "account")}. {tenant && (
                <>
                  The agency's own people see every brand and are not among
                  them.{" "}
                </>
              )}
              {(search || tenant) && (
                <a class="link" href="/admin/users">Show everybody</a>
              )}
            </>
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
                kind: "badge",
                head: "Second factor",
                value: ({ hasSecondFactor }) =>
                  hasSecondFactor
                    ? { text: "On", tone: "accent" }
                    : { text: "Off" },
              },
              {
                kind: "datetime",
                head: "Last seen",
                value: ({ seenAt }) => seenAt,
              },
            ]}
            rows={rows}
            rowKey={({ id }) => id}
            timezone="UTC"
            empty={search
              ? `Nobody matches '${search}'.`
              : "Nobody has a role in this brand yet. Invite the first one."}
          />
          <NumberedPages
            page={data.page}
            size={PAGE_SIZE}
            found={found}
            order="by e-mail"
            hrefOf={(page) =>
              localUrl("/admin/users", {
                search: search ?? null,
                tenant: tenant?.slug ?? null,
                page: page === 1 ? null : String(page),
              })}
            nextLabel="Next people"
          />
        </Card>
      </>
    );
  },
);
