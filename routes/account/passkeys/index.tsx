import { type Context, page } from "fresh";
import { AccountHead } from "../../../components/AccountHead.tsx";
import { Card } from "../../../components/Card.tsx";
import {
  PasskeyList,
  type PasskeyRow,
} from "../../../components/PasskeyList.tsx";
import PasskeyAdd from "../../../islands/PasskeyAdd.tsx";
import { finishPasskey } from "../../../lib/auth/mod.ts";
import { ConflictError } from "../../../lib/domain/mod.ts";
import { deletePasskey, listPasskeys } from "../../../lib/store/mod.ts";
import {
  defineSignedIn,
  isHttps,
  localUrl,
  passkeyParty,
  readForm,
  readStepToken,
  recordAudit,
  type SignedInState,
} from "../../../lib/web/mod.ts";

/** What was done on the page before, as `done` names it. */
const NOTICES: Record<string, string> = {
  add: "The passkey is added. From now on it signs you in.",
  remove: "The passkey is removed: it signs nobody in any more.",
};
const REFUSED = "The passkey was not added. Try again";

interface PasskeysPage {
  passkeys: PasskeyRow[];
  /** Whether passkeys work where this page is. */
  works: boolean;
  notice: string | null;
  problem: string | null;
}

type Ctx = Context<SignedInState>;

export const handler = defineSignedIn.handlers({
  async GET(ctx) {
    const done = ctx.url.searchParams.get("done") ?? "";
    const notice = Object.hasOwn(NOTICES, done) ? NOTICES[done]! : null;
    return page(await facts(ctx, { notice }));
  },

  async POST(ctx) {
    const form = await readForm(ctx.req, ["do", "id", "name", "response"]);
    const done = form.do === "add"
      ? await add(ctx, form)
      : form.do === "remove" && await remove(ctx, form.id);
    if (!done) {
      return page(await facts(ctx, { problem: REFUSED }), { status: 422 });
    }
    const w = ctx.state.workspace?.tenant.slug ?? null;
    const to = localUrl("/account/passkeys", { w, done: form.do });
    return ctx.redirect(to, 303);
  },
});

async function add(
  ctx: Ctx,
  { name, response }: { name: string; response: string },
): Promise<boolean> {
  const { services: { store, clock }, signedIn: { user } } = ctx.state;
  const stepToken = readStepToken("passkey", ctx.req.headers, isHttps(ctx)) ??
    "";
  const party = passkeyParty(ctx);
  if (!party) return false;
  try {
    const made = { stepToken, response, name };
    const passkey = await finishPasskey(store, user, made, party, clock);
    if (!passkey) return false;
    await recordAudit(ctx, "passkey.added", { detail: { name: passkey.name } });
    return true;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return false;
  }
}

async function remove(ctx: Ctx, id: string): Promise<boolean> {
  const { services: { store }, signedIn: { user } } = ctx.state;
  const { name } = await deletePasskey(store, user.id, id);
  await recordAudit(ctx, "passkey.removed", { detail: { name } });
  return true;
}

async function facts(
  ctx: Ctx,
  said: Partial<Pick<PasskeysPage, "notice" | "problem">>,
): Promise<PasskeysPage> {
  const { services: { store }, signedIn: { user } } = ctx.state;
  const passkeys = await listPasskeys(store, user.id);
  return {
    passkeys: passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({
      id,
      name,
      createdAt,
      lastUsedAt,
    })),
    works: passkeyParty(ctx) !== null,
    notice: null,
    problem: null,
    ...said,
  };
}

export default defineSignedIn.page<typeof handler>(
  function PasskeysPage({ data, state }) {
    const { workspace, user } = state;
    const w = workspace?.tenant.slug ?? null;
    const action = localUrl("/account/passkeys", { w });
    return (
      <>
        <AccountHead
          title="Passkeys"
          back={{ href: localUrl("/account", { w }), text: "Your account" }}
        />
        {data.notice && (
          <p
            role="status"
            class="mb-4 max-w-prose rounded-control bg-accent-weak px-4 py-2 text-accent"
          >
            {data.notice}
          </p>
        )}
        {data.problem && (
          <p role="alert" class="mb-4 text-down">{data.problem}.</p>
        )}
        <div class="grid gap-4 max-w-prose">
          <Card title="Your passkeys">
            <PasskeyList
              passkeys={data.passkeys}
              timezone={workspace?.tenant.timezone ?? "UTC"}
              action={action}
            />
          </Card>
          {data.works && (
            <Card
              title="Another passkey"
              says="It stays on this device, or wherever your passwords are kept, and takes the place of password and second factor. It needs JavaScript."
            >
              <PasskeyAdd
                action={action}
                optionsFrom="/account/passkeys/options"
                email={user.email}
              />
            </Card>
          )}
        </div>
      </>
    );
  },
);
