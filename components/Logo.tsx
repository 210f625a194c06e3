import { fitLogo, type LogoFacts } from "../lib/domain/mod.ts";
import { pageHref } from "./links.ts";

export interface LogoProps {
  /** Slug of the brand. */
  brand: string;
  logo: LogoFacts;
}

const ROOM = { width: 120, height: 48 };

/** A brand's logo; the brand's name stands in the page's header and title. Its place is kept while it loads. */
export function Logo({ brand, logo }: LogoProps) {
  return (
    <img
      class="logo flex-none"
      src={pageHref("/logo", brand, { v: logo.hash })}
      alt=""
      {...fitLogo(logo, ROOM)}
    />
  );
}
