import { codesLeft } from "./AccountSignIn.tsx";
import { Button } from "./Button.tsx";
import { Card } from "./Card.tsx";
import { Field } from "./Field.tsx";

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
        <PasswordForm {...props} form="codes" button="Make new codes" />
      </Card>
      <Card title="Turn it off">
        {props.demanded
          ? (
            <p>
              Every admin must have a second factor: it cannot be turned off.
            </p>
          )
          : (
            <PasswordForm
              {...props}
              form="off"
              button="Turn the second factor off"
            />
          )}
      </Card>
    </div>
  );
}

function PasswordForm(
  { action, email, problem, form, button }: SecondFactorOnProps & {
    form: "codes" | "off";
    button: string;
  },
) {
  const error = problem?.form === form ? problem.text : null;
  const id = `${form}-error`;
  return (
    <form method="post" action={action} class="grid gap-4">
      {error && <p id={id} role="alert" class="text-down">{error}.</p>}
      <input
        type="hidden"
        name="username"
        value={email}
        autocomplete="username"
      />
      <Field
        label="Your password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
        {...error ? { describedBy: id } : {}}
      />
      <Button name="do" value={form}>{button}</Button>
    </form>
  );
}
