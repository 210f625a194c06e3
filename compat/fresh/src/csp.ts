import type { Middleware } from "./types.ts";
import { getNonce } from "./_nonce.ts";

/** Options of {@linkcode csp}. */
export interface CSPOptions {
  /** Send the policy for reports only. */
  reportOnly?: boolean;
  /** Where browsers report violations. */
  reportTo?: string;
  /** Directives, which replace the default ones of the same name. */
  csp?: string[];
  /** Allow inline code by the page's nonce instead of 'unsafe-inline'. */
  useNonce?: boolean;
}

const DEFAULTS = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "upgrade-insecure-requests",
];

/** Sets a Content-Security-Policy on every answer that passes through. */
export function csp<State>(options: CSPOptions = {}): Middleware<State> {
  const { reportOnly, reportTo, useNonce } = options;
  const name = reportOnly
    ? "content-security-policy-report-only"
    : "content-security-policy";
  const directives = policy(options);
  const shared = directives.join("; ");
  /** What stands around the nonce wherever the policy names it. */
  const around = directives.map(withNonce).join("; ").split(NONCE);

  return async (ctx) => {
    const response = await ctx.next();
    const nonce = useNonce ? getNonce(response) : undefined;
    const value = nonce ? around.join(nonce) : shared;
    response.headers.set(name, value);
    if (reportTo) {
      response.headers.set(
        "reporting-endpoints",
        `csp-endpoint="${reportTo}"`,
      );
    }
    return response;
  };
}

function policy({ csp = [], reportTo }: CSPOptions): string[] {
  const replaced = new Set(csp.map(nameOf));
  return [
    ...DEFAULTS.filter((directive) => !replaced.has(nameOf(directive))),
    ...csp,
    ...(reportTo ? ["report-to csp-endpoint", `report-uri ${reportTo}`] : []),
  ];
}

function nameOf(directive: string): string {
  return directive.split(" ", 1)[0]!;
}

/** Stands for the nonce of a page in the policy of all; no header can hold it. */
const NONCE = "\0";

function withNonce(directive: string): string {
  return /^(default|script|style)-src/.test(directive)
    ? directive.replaceAll("'unsafe-inline'", `'nonce-${NONCE}'`)
    : directive;
}
