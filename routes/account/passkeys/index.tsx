import { type Context, page } from "fresh";
import { AccountHead } from "../../../components/AccountHead.tsx";
import { Card } from "../../../components/Card.tsx";
import {
  PasskeyList,
  type PasskeyRow,
} from "../../../components/PasskeyList.tsx";
import PasskeyAdd from "../../../islands/PasskeyAdd.tsx";
import {
  finishPasskey,
  removePasskey,
  ThrottledError,
} from "../../../lib/auth/mod.ts";
import { ConflictError } from "../../../lib/domain/mod.ts";
import { listPasskeys } from "../../../lib/store/mod.ts";
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
const WRONG_PASSWORD = "The password is not right";
const THROTTLED =
  "Too many attempts at the moment. Wait a few minutes, then try again";

interface PasskeysPage {
  passkeys: PasskeyRow[];
  /** Whether passkeys work where this page is. */
  works: boolean;
  notice: string | null;
  problem: string | null;
  refused: { id: string; text: string } | null;
}

type Ctx = Context<SignedInState>;

export const handler = defineSignedIn.handlers({
  async GET(ctx) {
    const done = ctx.url.searchParams.get("done") ?? "";
    const notice = Object.hasOwn(NOTICES, done) ? NOTICES[done]! : null;
    return page(await facts(ctx, { notice }));
  },

  async POST(ctx) {
    const form = await readForm(ctx.req, [
      ...["do", "id", "name", "response", "password"] as const,
    ]);
    if (form.do === "remove") return await remove(ctx, form);
    const done = form.do === "add" && await add(ctx, form);
    if (!done) {
      return page(await facts(ctx, { problem: REFUSED }), { status: 422 });
    }
    return ctx.redirect(doneOf(ctx, "add"), 303);
  },
});

function doneOf({ state: { workspace } }: Ctx, done: string): string {
  const w = workspace?.tenant.slug ?? null;
  return localUrl("/account/passkeys", { w, done });
}

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

async function remove(
  ctx: Ctx,
  { id, password }: { id: string; password: string },
) {
  const { services, signedIn: { user } } = ctx.state;
  const { store, clock, passwords } = services;
  const options = { clock, ...passwords ? { passwords } : {} };
  const refuse = async (text: string, init: ResponseInit) =>
    page(await facts(ctx, { refused: { id, text } }), init);
  try {
    const name = await removePasskey(store, user, { id, password }, options);
    if (name === null) return await refuse(WRONG_PASSWORD, { status: 422 });
    await recordAudit(ctx, "passkey.removed", { detail: { name } });
    return ctx.redirect(doneOf(ctx, "remove"), 303);
  } catch (error) {
    if (!(error instanceof ThrottledError)) throw error;
    return await refuse(THROTTLED, {
      status: 429,
      headers: { "retry-after": String(error.retryAfterSeconds) },
    });
  }
}

async function facts(
  ctx: Ctx,
  said: Partial<Pick<PasskeysPage, "notice" | "problem" | "refused">>,
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
    refused: null,
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
              email={user.email}
              refused={data.refused}
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
