import { Head } from "fresh/runtime";

export interface AccountHeadProps {
  title: string;
  /** Where one level up is, and what it is called. */
  back: { href: string; text: string };
}

/** The title of a page of the user's own account, and the way back. */
export function AccountHead({ title, back }: AccountHeadProps) {
  return (
    <div class="mb-5">
      <Head>
        <title>{title} - Tetherboard</title>
      </Head>
      <a class="link inline-block py-2 -my-2" href={back.href}>{back.text}</a>
      <h1 class="mt-3 text-title font-bold">{title}</h1>
    </div>
  );
}
