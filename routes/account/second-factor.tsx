import { type Context, page } from "fresh";
import { AccountHead } from "../../components/AccountHead.tsx";
import { Card } from "../../components/Card.tsx";
import { RecoveryCodes } from "../../components/RecoveryCodes.tsx";
import {
  SecondFactorOn,
  type SecondFactorOnProps,
} from "../../components/SecondFactorOn.tsx";
import { SecondFactorSetup } from "../../components/SecondFactorSetup.tsx";
import {
  confirmSecondFactor,
  readSecondFactor,
  type Renewed,
  renewRecoveryCodes,
  type SecondFactorStatus,
  setUpSecondFactor,
  ThrottledError,
  turnOffSecondFactor,
} from "../../lib/auth/mod.ts";
import { ConflictError } from "../../lib/domain/mod.ts";
import { readSettings } from "../../lib/store/mod.ts";
import {
  defineSignedIn,
  localUrl,
  readForm,
  recordAudit,
  renewSessionCookies,
  SECOND_FACTOR_PAGE,
  type SignedInState,
} from "../../lib/web/mod.ts";

const WRONG_CODE =
  "That code is not right. Codes change every half minute: try the next one";
const WRONG_PASSWORD = "The password is not right";
const DEMANDED = "Every admin must have a second factor";
const THROTTLED =
  "Too many attempts at the moment. Wait a few minutes, then try again";

interface SecondFactorPage {
  status: SecondFactorStatus;
  /** Whether the user, as an admin, must have one. */
  demanded: boolean;
  /** New ones, shown this once. */
  codes: readonly string[] | null;
  problem: string | null;
  form: "codes" | "off";
}

type Ctx = Context<SignedInState>;
type Said = Partial<Pick<SecondFactorPage, "codes" | "problem" | "form">>;

export const handler = defineSignedIn.handlers({
  GET: async (ctx) => page(await facts(ctx)),

  async POST(ctx) {
    const form = await readForm(ctx.req, ["do", "code", "password"]);
    try {
      switch (form.do) {
        case "begin":
          return await begin(ctx, form.password);
        case "confirm":
          return await confirm(ctx, form.code);
        case "codes":
          return await makeCodes(ctx, form.password);
        case "off":
          return await turnOff(ctx, form.password);
        default:
          return await refuse(ctx, "The form asks for nothing known");
      }
    } catch (error) {
      if (error instanceof ConflictError) {
        return await refuse(ctx, error.message, { status: 409 });
      }
      if (!(error instanceof ThrottledError)) throw error;
      return await refuse(ctx, THROTTLED, {
        status: 429,
        headers: { "retry-after": String(error.retryAfterSeconds) },
      }, form.do === "off" ? "off" : "codes");
    }
  },
});

async function begin(ctx: Ctx, password: string) {
  const { services: { store, secrets }, signedIn } = ctx.state;
  const begun = await setUpSecondFactor(
    store,
    secrets,
    signedIn,
    password,
    checkOptions(ctx),
  );
  if (!begun) return await refuse(ctx, WRONG_PASSWORD);
  return ctx.redirect(hereOf(ctx), 303);
}

async function confirm(ctx: Ctx, code: string) {
  const { services: { store, secrets, clock }, signedIn } = ctx.state;
  const done = await confirmSecondFactor(store, secrets, signedIn, code, clock);
  if (!done) {
    await recordAudit(ctx, "second_factor.failed", { outcome: "failed" });
    return await refuse(ctx, WRONG_CODE);
  }
  await recordAudit(ctx, "second_factor.enabled");
  return await showCodes(ctx, done.codes, done);
}

async function makeCodes(ctx: Ctx, password: string) {
  const { services: { store }, signedIn } = ctx.state;
  const codes = await renewRecoveryCodes(
    store,
    signedIn,
    password,
    checkOptions(ctx),
  );
  if (!codes) return await refuse(ctx, WRONG_PASSWORD);
  await recordAudit(ctx, "recovery_code.renewed");
  return await showCodes(ctx, codes);
}

async function turnOff(ctx: Ctx, password: string) {
  const { services: { store }, signedIn, workspace } = ctx.state;
  if (await isDemanded(ctx)) return await refuse(ctx, DEMANDED, {}, "off");
  const off = await turnOffSecondFactor(
    store,
    signedIn,
    password,
    checkOptions(ctx),
  );
  if (!off) return await refuse(ctx, WRONG_PASSWORD, {}, "off");
  await recordAudit(ctx, "second_factor.disabled");
  const w = workspace?.tenant.slug ?? null;
  const done = "second-factor-off";
  const answer = ctx.redirect(localUrl("/account", { w, done }), 303);
  const goesOn = await renewSessionCookies(ctx, answer, off);
  return goesOn ? answer : ctx.redirect("/login", 303);
}

/** The codes, once; with them the session's new token, where it got one. */
async function showCodes(
  ctx: Ctx,
  codes: readonly string[],
  renewed: Renewed | null = null,
) {
  const cookies = new Response();
  if (renewed && !await renewSessionCookies(ctx, cookies, renewed)) {
    return ctx.redirect("/login", 303);
  }
  return page(await facts(ctx, { codes }), { headers: cookies.headers });
}

async function refuse(
  ctx: Ctx,
  problem: string,
  init: ResponseInit = {},
  form: "codes" | "off" = "codes",
) {
  return page(await facts(ctx, { problem, form }), { status: 422, ...init });
}

async function facts(ctx: Ctx, said: Said = {}): Promise<SecondFactorPage> {
  const { services: { store, secrets, clock }, signedIn } = ctx.state;
  const [status, demanded] = await Promise.all([
    readSecondFactor(store, secrets, signedIn, clock),
    isDemanded(ctx),
  ]);
  return {
    status,
    demanded,
    codes: null,
    problem: null,
    form: "codes",
    ...said,
  };
}

async function isDemanded({ state }: Ctx): Promise<boolean> {
  const { services: { store }, signedIn: { memberships } } = state;
  return memberships.some(({ role }) => role !== "tenant_viewer") &&
    (await readSettings(store)).adminsNeedSecondFactor;
}

function checkOptions({ state: { services } }: Ctx) {
  const { clock, passwords } = services;
  return { clock, ...passwords ? { passwords } : {} };
}

function hereOf({ state: { workspace } }: Ctx): string {
  return localUrl(SECOND_FACTOR_PAGE, { w: workspace?.tenant.slug ?? null });
}

export default defineSignedIn.page<typeof handler>(
  function SecondFactorPage({ data, state }) {
    const w = state.workspace?.tenant.slug ?? null;
    const { status, demanded, codes, problem } = data;
    const account = localUrl("/account", { w });
    const action = localUrl(SECOND_FACTOR_PAGE, { w });
    const on: SecondFactorOnProps = {
      action,
      email: state.user.email,
      recoveryCodesLeft: status.recoveryCodesLeft,
      demanded,
      problem: problem === null ? null : { form: data.form, text: problem },
    };
    return (
      <>
        <AccountHead
          title="Second factor"
          back={{ href: account, text: "Your account" }}
        />
        <div class="max-w-auth">
          {codes
            ? (
              <RecoveryCodes
                codes={codes}
                next={localUrl("/account", { w, done: "second-factor" })}
              />
            )
            : status.enabledAt
            ? <SecondFactorOn {...on} />
            : (
              <Card
                title="Authenticator app"
                says={demanded
                  ? "Every admin must have a second factor. Set up yours, then go on."
                  : "Wherever else you are signed in, you will have to sign in again."}
              >
                <SecondFactorSetup
                  action={action}
                  email={state.user.email}
                  setup={status.setup}
                  problem={problem}
                />
              </Card>
            )}
        </div>
      </>
    );
  },
);
