// The nonce of a rendered page, for the middleware that writes its policy.
const nonces = new WeakMap<Response, string>();

export function setNonce(response: Response, nonce: string): void {
  nonces.set(response, nonce);
}

export function getNonce(response: Response): string | undefined {
  return nonces.get(response);
}
