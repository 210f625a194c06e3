import { createHash } from "node:crypto";
import type { Context } from "fresh";
import type { ReadingState } from "./state.ts";

/**
 * An answer in JSON that a browser may keep but must ask about: `private, no-cache` and an ETag; 304
 * where the one who asks has the same already.
 */
export function jsonAnswer<Body>(request: Request, body: Body): Response {
  return taggedAnswer(request, JSON.stringify(body), {
    "content-type": "application/json; charset=utf-8",
  });
}

/**
 * The same of what is made of the workspace's data and settings alone. Its tag is remembered for as long as that stands as the guard
 * found it: whoever has the answer already is told so before anything is read.
 *
 * @param until from when on the same data answers otherwise, epoch milliseconds; null or absent: it never does
 */
export async function dataAnswer<Body>(
  { req, url, state: { workspace, services } }: Context<ReadingState>,
  read: () => Promise<Body>,
  until: (body: Body) => number | null = () => null,
): Promise<Response> {
  const { store } = workspace;
  // By the settings too: in which zone a day lies, for one.
  const address = `${store.tenant.updatedAt} ${url.pathname}${url.search}`;
  const asked = req.headers.get("if-none-match");
  const known = asked && await store.answerTag(address);
  if (known && matches(asked, known.etag)) {
    const isOver = known.until !== null && services.clock.now() >= known.until;
    if (!isOver) return unchanged(known.etag);
  }
  const body = await read();
  const answer = jsonAnswer(req, body);
  const etag = answer.headers.get("etag")!;
  store.keepAnswerTag(address, { etag, until: until(body) });
  return answer;
}

/** The same of any text that is written anew for each request. */
export function taggedAnswer(
  request: Request,
  text: string,
  about: Record<string, string>,
): Response {
  const digest = createHash("sha256").update(text).digest("base64url");
  const etag = `"${digest}"`;
  if (matches(request.headers.get("if-none-match"), etag)) {
    return unchanged(etag);
  }
  return new Response(text, { headers: { ...about, ...validity(etag) } });
}

function unchanged(etag: string): Response {
  return new Response(null, { status: 304, headers: validity(etag) });
}

function validity(etag: string) {
  return { "cache-control": "private, no-cache", etag };
}

/** Weak comparison (RFC 9110, 13.1.2): whoever compresses the answer may weaken its tag. */
function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  return ifNoneMatch.trim() === "*" ||
    ifNoneMatch.split(",").some((tag) =>
      tag.trim().replace(/^W\//, "") === etag
    );
}
