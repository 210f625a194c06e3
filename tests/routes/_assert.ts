import { expect } from "@std/expect";

/** Status, content type, body: the order in which an answer is judged. */
export async function expectJson(
  answer: Response,
  status = 200,
): Promise<Record<string, unknown>> {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toContain("application/json");
  return await answer.json();
}

/** An error as RFC 9457 wants it; gives its members. */
export async function expectProblem(
  answer: Response,
  status: number,
): Promise<Record<string, unknown>> {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const problem = await answer.json();
  expect(problem).toMatchObject({
    status,
    title: expect.any(String),
    detail: expect.any(String),
    requestId: answer.headers.get("x-request-id"),
  });
  return problem;
}

/** A page; gives its HTML. */
export async function expectPage(
  answer: Response,
  status = 200,
): Promise<string> {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toContain("text/html");
  return await answer.text();
}

/** A redirect; the body of one is of no interest. */
export async function expectRedirect(
  answer: Response,
  location: string,
): Promise<void> {
  expect(answer.status).toBe(303);
  expect(answer.headers.get("location")).toBe(location);
  await answer.body?.cancel();
}
