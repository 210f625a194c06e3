import { type Context, HttpError, page } from "fresh";
import { AccountHead } from "../../../../components/AccountHead.tsx";
import { adminTenantPath } from "../../../../components/admin_words.ts";
import { Button } from "../../../../components/Button.tsx";
import { Card } from "../../../../components/Card.tsx";
import { cx } from "../../../../components/cx.ts";
import { INPUT } from "../../../../components/Field.tsx";
import { Logo } from "../../../../components/Logo.tsx";
import { PeopleNotices } from "../../../../components/PeopleNotices.tsx";
import {
  type LogoFacts,
  MAX_LOGO_BYTES,
  UsageError,
} from "../../../../lib/domain/mod.ts";
import type { Tenant } from "../../../../lib/store/mod.ts";
import {
  changeLogo,
  defineSignedIn,
  localUrl,
  readFormWithFile,
  type SignedInState,
  tenantFor,
} from "../../../../lib/web/mod.ts";

interface LogoPage {
  tenant: Pick<Tenant, "id" | "slug" | "name">;
  logo: LogoFacts | null;
  notice: string | null;
  problem: string | null;
}

const NOTICES: Record<string, string> = {
  save: "The logo is saved.",
  remove: "The logo is removed.",
};

type Ctx = Context<SignedInState>;

export const handler = defineSignedIn.handlers({
  async GET(ctx) {
    const done = ctx.url.searchParams.get("done") ?? "";
    const notice = Object.hasOwn(NOTICES, done) ? NOTICES[done]! : null;
    return page<LogoPage>(await logoPage(ctx, { notice }));
  },

  async POST(ctx) {
    const { tenant } = await tenantOf(ctx);
    try {
      const form = await readFormWithFile(ctx.req, ["do"], "logo");
      if (!Object.hasOwn(NOTICES, form.do)) {
        throw new HttpError(400, "The form asks for nothing known");
      }
      if (form.do === "save" && !form.file) {
        throw new UsageError("Choose a file first");
      }
      await changeLogo(ctx, tenant, form.do === "save" ? form.file : null);
      const path = `${adminTenantPath(tenant)}/logo`;
      return ctx.redirect(localUrl(path, { done: form.do }), 303);
    } catch (error) {
      const problem = problemOf(error);
      return page<LogoPage>(await logoPage(ctx, { problem }), { status: 422 });
    }
  },
});

/** What was wrong with the file, as a sentence without its period. */
function problemOf(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  if (error instanceof HttpError && error.status === 413) {
    return `Cannot keep the logo: it has more than ${MAX_LOGO_BYTES / 1024} KB`;
  }
  throw error;
}

function tenantOf({ params, state }: Ctx) {
  return tenantFor(state.services.store, params.slug ?? "");
}

async function logoPage(
  ctx: Ctx,
  said: Partial<Pick<LogoPage, "notice" | "problem">>,
): Promise<LogoPage> {
  const { tenant: { id, slug, name, logo = null } } = await tenantOf(ctx);
  return {
    tenant: { id, slug, name },
    logo,
    notice: null,
    problem: null,
    ...said,
  };
}

export default defineSignedIn.page<typeof handler>(
  function AdminLogo({ data: { tenant, logo, notice, problem } }) {
    const path = adminTenantPath(tenant);
    return (
      <>
        <AccountHead
          title={`Logo of ${tenant.name}`}
          back={{ href: path, text: tenant.name }}
        />
        <PeopleNotices notice={notice} problem={problem} />
        <Card
          title={logo ? "Another logo" : "A logo"}
          says={`A PNG of at most ${
            MAX_LOGO_BYTES / 1024
          } KB. It stands at the head of the brand's pages, on white in both themes, and on paper.`}
        >
          <div class="grid gap-4 max-w-prose">
            {logo && <Logo brand={tenant.slug} logo={logo} />}
            <form
              method="post"
              action={`${path}/logo`}
              encType="multipart/form-data"
              class="grid gap-4"
            >
              <label class="grid gap-1">
                <span class="text-sm font-semibold">Picture</span>
                <input
                  type="file"
                  name="logo"
                  accept="image/png"
                  class={cx(INPUT, "py-2")}
                  required
                />
              </label>
              <div>
                <Button primary name="do" value="save">Save the logo</Button>
              </div>
            </form>
            {logo && (
              <form method="post" action={`${path}/logo`}>
                <Button name="do" value="remove">Remove the logo</Button>
              </form>
            )}
          </div>
        </Card>
      </>
    );
  },
);
