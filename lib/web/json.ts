import { createHash } from "node:crypto";

/**
 * An answer in JSON that a browser may keep but must ask about: `private, no-cache` and an ETag; 304
 * where the one who asks has the same already.
 */
export function jsonAnswer<Body>(request: Request, body: Body): Response {
  return taggedAnswer(request, JSON.stringify(body), {
    "content-type": "application/json; charset=utf-8",
  });
}

/** The same of any text that is written anew for each request. */
export function taggedAnswer(
  request: Request,
  text: string,
  about: Record<string, string>,
): Response {
  const digest = createHash("sha256").update(text).digest("base64url");
  const etag = `"${digest}"`;
  const headers = new Headers({ "cache-control": "private, no-cache", etag });
  if (matches(request.headers.get("if-none-match"), etag)) {
    return new Response(null, { status: 304, headers });
  }
  for (const [name, value] of Object.entries(about)) headers.set(name, value);
  return new Response(text, { headers });
}

/** Weak comparison (RFC 9110, 13.1.2): whoever compresses the answer may weaken its tag. */
function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  return ifNoneMatch.trim() === "*" ||
    ifNoneMatch.split(",").some((tag) =>
      tag.trim().replace(/^W\//, "") === etag
    );
}
