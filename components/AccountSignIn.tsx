import { Card } from "./Card.tsx";

export interface AccountSignInProps {
  facts: {
    secondFactor: boolean;
    recoveryCodesLeft: number;
    /** How many there are; null where the portal's address allows none. */
    passkeys: number | null;
  };
  secondFactorHref: string;
  passkeysHref: string;
}

/** How the user signs in beside the password, with the ways to change it. */
export function AccountSignIn(
  { facts, secondFactorHref, passkeysHref }: AccountSignInProps,
) {
  const { secondFactor, recoveryCodesLeft, passkeys } = facts;
  return (
    <Card title="How you sign in">
      <p class="font-semibold">
        {secondFactor
          ? "A second factor is on"
          : "Your password alone signs you in"}
      </p>
      <p class="text-ink-2">
        {secondFactor
          ? codesLeft(recoveryCodesLeft)
          : "With a second factor, somebody who learns your password cannot sign in."}
      </p>
      <p class="mt-3">
        <a class="link inline-block py-2 -my-2" href={secondFactorHref}>
          {secondFactor
            ? "Recovery codes and second factor"
            : "Set up a second factor"}
        </a>
      </p>
      {passkeys !== null && (
        <p class="mt-3">
          <a class="link inline-block py-2 -my-2" href={passkeysHref}>
            Passkeys ({passkeys})
          </a>
        </p>
      )}
    </Card>
  );
}

/** "7 recovery codes are left." */
export function codesLeft(count: number): string {
  if (count === 0) return "No recovery code is left: make new ones.";
  return count === 1
    ? "1 recovery code is left."
    : `${count} recovery codes are left.`;
}
