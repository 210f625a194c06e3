import { AuthPage } from "./AuthPage.tsx";

/** Stands where a one-time link leads nowhere: used, over, withdrawn and never made look the same. */
export function PeopleDeadLink({ next }: { next: string }) {
  return (
    <AuthPage title="This link does not work">
      <p>It was used already, its time is over, or it is not complete.</p>
      <p class="mt-3">{next}</p>
      <p class="mt-3">
        <a class="link inline-block py-2 -my-2" href="/login">
          Go to the sign-in
        </a>
      </p>
    </AuthPage>
  );
}
