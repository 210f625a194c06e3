import { API_SCOPES } from "../lib/domain/mod.ts";
import { ApiTokenForm, type ApiTokenFormProps } from "./ApiTokenForm.tsx";
import { ApiTokenList, type ApiTokenRow } from "./ApiTokenList.tsx";
import { ApiTokenMade } from "./ApiTokenMade.tsx";
import { Card } from "./Card.tsx";
import { PeopleNotices } from "./PeopleNotices.tsx";

export interface ApiTokensProps {
  /** The brand's name. */
  brand: string;
  /** IANA zone of the times. */
  timezone: string;
  /** Where the forms go: `do` is "create" or "revoke". */
  action: string;
  /** Where the portal's endpoints are: its origin. */
  origin: string;
  tokens: readonly ApiTokenRow[];
  /** A token that was made just now. */
  made: { token: string; name: string; path: string } | null;
  notice: string | null;
  problem: string | null;
  values: ApiTokenFormProps["values"];
}

/** The API tokens of a brand: the one just made, the list, and the form for another. */
export function ApiTokens(props: ApiTokensProps) {
  const { brand, made, notice, problem, action } = props;
  return (
    <>
      <PeopleNotices notice={notice} problem={problem} />
      {made && <ApiTokenMade {...made} origin={props.origin} />}
      <div class="grid gap-4 lg:grid-cols-2 items-start">
        <Card
          title="Tokens"
          says={`Each lets a program read ${brand}, without signing in: a spreadsheet, a dashboard of your own. A token changes nothing and opens no other brand. It stops when its maker no longer manages this brand.`}
        >
          <ApiTokenList
            tokens={props.tokens}
            timezone={props.timezone}
            action={action}
          />
          <p class="mt-4 text-small text-ink-3">
            What programs can ask, as they read it:{" "}
            <a class="link inline-block py-2 -my-2" href="/api/openapi.json">
              the OpenAPI description
            </a>
          </p>
        </Card>
        <Card
          title="Make a token"
          says="One for each program, so that each can be revoked by itself."
        >
          <ApiTokenForm
            action={action}
            scopes={API_SCOPES}
            values={props.values}
            wrong={problem !== null}
          />
        </Card>
      </div>
    </>
  );
}
