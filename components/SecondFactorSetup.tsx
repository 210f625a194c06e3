import { Button } from "./Button.tsx";
import { Field } from "./Field.tsx";
import { PasswordForm } from "./PasswordForm.tsx";
import { QrCode } from "./QrCode.tsx";

export interface SecondFactorSetupProps {
  action: string;
  email: string;
  /** Null before it was begun. */
  setup: { secret: string; uri: string } | null;
  problem: string | null;
}

/** Sets up a second factor: a button that begins, then the secret and the field for the first code. */
export function SecondFactorSetup(
  { action, email, setup, problem }: SecondFactorSetupProps,
) {
  if (!setup) {
    return (
      <>
        <p class="mb-4">
          You need an authenticator app on your phone. It shows a new code every
          half minute, and you type it after your password.
        </p>
        <PasswordForm
          action={action}
          email={email}
          what="begin"
          error={problem}
          primary
        >
          Set up a second factor
        </PasswordForm>
      </>
    );
  }
  return (
    <form method="post" action={action} class="grid gap-4">
      {problem && (
        <p id="code-error" role="alert" class="text-down">{problem}.</p>
      )}
      <p>
        1. Scan this with your authenticator app, or type the secret into it.
      </p>
      <QrCode text={setup.uri} label="QR code of the secret" />
      <p class="break-words font-semibold" data-secret>
        {setup.secret.replaceAll(/.{4}(?=.)/g, "$& ")}
      </p>
      <p>2. Type the code that the app shows.</p>
      <CodeField {...problem ? { describedBy: "code-error" } : {}} />
      <Button primary name="do" value="confirm">Turn on</Button>
    </form>
  );
}

/** The field for a code of the app. */
export function CodeField(
  { label = "Code", describedBy }: { label?: string; describedBy?: string },
) {
  return (
    <Field
      label={label}
      name="code"
      autocomplete="one-time-code"
      required
      {...describedBy ? { describedBy } : {}}
    />
  );
}
