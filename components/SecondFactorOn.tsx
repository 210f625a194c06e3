import { codesLeft } from "./AccountSignIn.tsx";
import { Card } from "./Card.tsx";
import { PasswordForm } from "./PasswordForm.tsx";

export interface SecondFactorOnProps {
  action: string;
  email: string;
  recoveryCodesLeft: number;
  /** Whether the agency demands it: then it cannot be turned off. */
  demanded: boolean;
  /** What was refused, and by which form. */
  problem: { form: "codes" | "off"; text: string } | null;
}

/** A second factor that is on: new recovery codes, and turning it off, each for the password. */
export function SecondFactorOn(props: SecondFactorOnProps) {
  return (
    <div class="grid gap-4">
      <Card title="Recovery codes">
        <p class="mb-4">
          {codesLeft(props.recoveryCodesLeft)}{" "}
          Each signs you in once where you do not have your phone. New codes
          replace all earlier ones.
        </p>
        <PasswordForm {...formOf(props, "codes")}>Make new codes</PasswordForm>
      </Card>
      <Card title="Turn it off">
        {props.demanded
          ? (
            <p>
              Every admin must have a second factor: it cannot be turned off.
            </p>
          )
          : (
            <PasswordForm {...formOf(props, "off")}>
              Turn the second factor off
            </PasswordForm>
          )}
      </Card>
    </div>
  );
}

function formOf(
  { action, email, problem }: SecondFactorOnProps,
  what: "codes" | "off",
) {
  const error = problem?.form === what ? problem.text : null;
  return { action, email, what, error };
}
