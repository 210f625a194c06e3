import { page } from "fresh";
import { AccountHead } from "../../components/AccountHead.tsx";
import {
  type AccountSession,
  AccountSessions,
} from "../../components/AccountSessions.tsx";
import {
  AccountSignIn,
  type AccountSignInProps,
} from "../../components/AccountSignIn.tsx";
import { Card } from "../../components/Card.tsx";
import { listSessions, readSecondFactor } from "../../lib/auth/mod.ts";
import { zoneName } from "../../lib/domain/mod.ts";
import { listPasskeys, sessionId } from "../../lib/store/mod.ts";
import { defineSignedIn, localUrl, passkeyParty } from "../../lib/web/mod.ts";

/** What was done on the page before, as `done` names it. */
const NOTICES: Record<string, string> = {
  password:
    "The password is changed. Wherever else you were signed in, you are no more.",
  session: "That session is ended.",
  others: "You are signed out everywhere else.",
  "second-factor":
    "The second factor is on. Wherever else you were signed in, you are no more.",
  "second-factor-off":
    "The second factor is off. Your password alone signs you in.",
};

interface Account {
  sessions: AccountSession[];
  signingIn: AccountSignInProps["facts"];
  notice: string | null;
}

export const handler = defineSignedIn.handlers({
  async GET(ctx) {
    const { signedIn, services: { store, clock, secrets } } = ctx.state;
    const { user } = signedIn;
    const [sessions, factor, passkeys] = await Promise.all([
      listSessions(store, user, clock),
      readSecondFactor(store, secrets, signedIn, clock),
      listPasskeys(store, user.id),
    ]);
    const own = sessionId(signedIn.tokenHash);
    const done = ctx.url.searchParams.get("done") ?? "";
    return page<Account>({
      sessions: sessions.map((session) => ({
        ...session,
        current: session.id === own,
      })),
      signingIn: {
        secondFactor: factor.enabledAt !== null,
        recoveryCodesLeft: factor.recoveryCodesLeft,
        passkeys: passkeyParty(ctx) ? passkeys.length : null,
      },
      notice: Object.hasOwn(NOTICES, done) ? NOTICES[done]! : null,
    });
  },
});

export default defineSignedIn.page<typeof handler>(
  function AccountPage({ data, state }) {
    const { user, workspace } = state;
    const w = workspace?.tenant.slug ?? null;
    const timezone = workspace?.tenant.timezone ?? "UTC";
    return (
      <>
        <AccountHead
          title="Your account"
          back={workspace
            ? {
              href: localUrl("/dashboard", { w }),
              text: `Back to ${workspace.tenant.name}`,
            }
            : { href: "/select-workspace", text: "Choose a workspace" }}
        />
        {data.notice && (
          <p
            role="status"
            class="mb-4 max-w-prose rounded-control bg-accent-weak px-4 py-2 text-accent"
          >
            {data.notice}
          </p>
        )}
        <div class="grid gap-4 max-w-prose">
          <Card title="You">
            <p class="font-semibold">{user.name}</p>
            <p class="text-ink-2">{user.email}</p>
            <p class="mt-3">
              <a
                class="link inline-block py-2 -my-2"
                href={localUrl("/account/password", { w })}
              >
                Change your password
              </a>
            </p>
          </Card>
          <AccountSignIn
            facts={data.signingIn}
            secondFactorHref={localUrl("/account/second-factor", { w })}
            passkeysHref={localUrl("/account/passkeys", { w })}
          />
          <Card
            title="Where you are signed in"
            says={`Times in ${
              zoneName(timezone)
            }. If you do not know one of these, sign it out and change your password.`}
          >
            <AccountSessions
              sessions={data.sessions}
              timezone={timezone}
              action={localUrl("/account/sessions", { w })}
            />
          </Card>
        </div>
      </>
    );
  },
);
