import type { ComponentChildren } from "preact";
import { Head } from "fresh/runtime";
import { Brand } from "./Brand.tsx";

export interface AuthPageProps {
  title: string;
  children: ComponentChildren;
}

/** A page in front of the door: sign-in, choice of a workspace. */
export function AuthPage({ title, children }: AuthPageProps) {
  return (
    <main id="main" class="mx-auto max-w-auth px-4 py-12 md:py-24">
      <Head>
        <title>{title} - Tetherboard</title>
      </Head>
      <Brand />
      <div class="mt-6 bg-surface border border-line rounded-card p-5 sm:p-8">
        <h1 class="mb-5 text-title font-bold">{title}</h1>
        {children}
      </div>
    </main>
  );
}
