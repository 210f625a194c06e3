/** The nonce of a rendered page, for the middleware that writes its policy. */
const NONCE = Symbol("nonce");

type Rendered = Response & { [NONCE]?: string };

export function setNonce(response: Rendered, nonce: string): void {
  response[NONCE] = nonce;
}

export function getNonce(response: Rendered): string | undefined {
  return response[NONCE];
}
