import { formatDateTime, formatDay, localDay } from "../lib/domain/mod.ts";
import { scopeName } from "./ApiTokenForm.tsx";
import { Badge, type BadgeTone } from "./Badge.tsx";
import { Button } from "./Button.tsx";
import { EmptyState } from "./EmptyState.tsx";

/** A token without its secret. */
export interface ApiTokenRow {
  id: string;
  name: string;
  scopes: readonly string[];
  last4: string;
  /** The maker's name; null when the account is gone. */
  createdBy: string | null;
  /** ISO 8601, as all its times. */
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
  /** Why it opens nothing. */
  flaw: "revoked" | "expired" | "maker" | null;
}

export interface ApiTokenListProps {
  tokens: readonly ApiTokenRow[];
  /** IANA zone of the times. */
  timezone: string;
  /** Where the forms go: `do` is "revoke", `id` the token's. */
  action: string;
}

const STATES: Record<
  NonNullable<ApiTokenRow["flaw"]>,
  { text: string; tone: BadgeTone }
> = {
  revoked: { text: "Revoked", tone: "alarm" },
  expired: { text: "Expired", tone: "warn" },
  maker: { text: "Stopped with its maker", tone: "warn" },
};

/** The tokens of a brand, each that still may work with a way to end it. */
export function ApiTokenList({ tokens, timezone, action }: ApiTokenListProps) {
  if (tokens.length === 0) {
    return (
      <EmptyState title="No token yet.">
        Make one for a spreadsheet or a BI tool.
      </EmptyState>
    );
  }
  return (
    <ul>
      {tokens.map((token) => (
        <li
          key={token.createdAt}
          class="py-3 border-b border-line last:border-b-0"
        >
          <TokenFacts token={token} timezone={timezone} />
          {(token.flaw === null || token.flaw === "maker") && (
            <Revoke token={token} action={action} />
          )}
        </li>
      ))}
    </ul>
  );
}

function TokenFacts(
  { token, timezone }: { token: ApiTokenRow; timezone: string },
) {
  const at = (iso: string) => formatDateTime(iso, timezone);
  const on = (iso: string) => formatDay(localDay(Date.parse(iso), timezone));
  const state = token.flaw ? STATES[token.flaw] : null;
  const { createdBy, lastUsedAt, revokedAt } = token;
  return (
    <>
      <p class="flex flex-wrap items-center gap-2 font-semibold">
        <span class="break-words min-w-0">{token.name}</span>
        <span class="font-mono text-small text-ink-3">…{token.last4}</span>
        {state && <Badge tone={state.tone}>{state.text}</Badge>}
      </p>
      <p class="text-small text-ink-2">
        Opens {token.scopes.map(scopeName).join(", ")}
      </p>
      <p class="text-small text-ink-3 break-words">
        Made {on(token.createdAt)} by {createdBy ?? "somebody who left"} ·{" "}
        {lastUsedAt ? `last used ${at(lastUsedAt)}` : "never used"} · {revokedAt
          ? `revoked ${at(revokedAt)}`
          : `${token.flaw === "expired" ? "expired" : "until"} ${
            on(token.expiresAt)
          }`}
      </p>
    </>
  );
}

/** Opens to a second button, so that no token ends by a slip. */
function Revoke({ token, action }: { token: ApiTokenRow; action: string }) {
  return (
    <details>
      <summary class="opens inline-flex items-center min-h-target text-small text-ink-2 hover:text-ink">
        Revoke<span class="sr-only">&nbsp;{token.name}</span>
      </summary>
      <form
        method="post"
        action={action}
        class="flex flex-wrap items-center gap-x-4 gap-y-2"
      >
        <input type="hidden" name="id" value={token.id} />
        <p class="text-small text-ink-2">
          The program that uses it is refused at once, and for good.
        </p>
        <Button name="do" value="revoke">
          Yes, revoke<span class="sr-only">&nbsp;{token.name}</span>
        </Button>
      </form>
    </details>
  );
}
