import { page } from "fresh";
import { AuthPage } from "../../components/AuthPage.tsx";
import { define } from "../../lib/web/mod.ts";

export const handler = define.handlers({ GET: () => page() });

/** What follows a reset: the new password has to be used once, and a second factor with it. */
export default define.page(function ResetDone() {
  return (
    <AuthPage title="The password is changed">
      <p role="status">
        Sign in with the new one. Wherever you were signed in, you are no more.
      </p>
      <p class="mt-6">
        <a class="link inline-block py-2 -my-2" href="/login">
          Go to the sign-in
        </a>
      </p>
    </AuthPage>
  );
});
