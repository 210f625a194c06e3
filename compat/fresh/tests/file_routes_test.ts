import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { withErrorsHidden } from "./_kit.ts";
import { bodyOf, send } from "./_fixture.ts";

describe("Handlers of files", () => {
  it("H1 page() sets status and headers, not the type", async () => {
    const get = await send("/form");
    expect(get.headers.get("x-a")).toBe("get");
    expect(await get.text()).toContain('<p id="text">empty</p>');
    const post = await send("/form", {
      method: "POST",
      body: new URLSearchParams({ text: "<b>" }),
    });
    expect(post.status).toBe(422);
    expect(post.headers.get("x-a")).toBe("post");
    expect(post.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await post.text()).toContain("&lt;b");
  });

  it("H1 a handler may redirect", async () => {
    const response = await send("/form", {
      method: "POST",
      body: new URLSearchParams({ text: "ok" }),
    });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/about");
  });

  it("H2 a page without handler answers every verb", async () => {
    const response = await send("/about", {
      method: "POST",
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("<h1>About</h1>");
  });

  it("H3 a page whose handlers have no GET has one", async () => {
    expect(await bodyOf("/post_only")).toContain("supplied");
    const post = await send("/post_only", { method: "POST" });
    expect(await post.text()).toBe("posted");
  });

  it("H4 a function answers every verb", async () => {
    for (const method of ["GET", "POST", "DELETE", "OPTIONS"]) {
      expect(await (await send("/api/fn", { method })).text()).toBe(method);
    }
  });

  it("H5 a verb that a file's handlers do not list answers 404", async () => {
    expect((await send("/api/hello")).status).toBe(200);
    for (const method of ["PUT", "OPTIONS"]) {
      expect((await send("/api/hello", { method })).status).toBe(404);
    }
    expect((await send("/api/hello", { method: "HEAD" })).status).toBe(200);
  });
});

describe("File routes", () => {
  it("F1 a test file is no route", async () => {
    expect((await send("/ignored_test")).status).toBe(404);
  });

  it("F2 a name may be part of a parameter's segment", async () => {
    expect(await bodyOf("/7-x")).toContain("mixed 7");
  });

  it("F3 plain names win over parameters, those over the rest", async () => {
    expect(await bodyOf("/docs/fixed")).toContain("<p>fixed</p>");
    expect(await bodyOf("/docs/a/b")).toContain("<p>two a b</p>");
    expect(await bodyOf("/docs/a/b/c")).toMatch(/rest (&quot;|")a\/b\/c/);
  });

  it("F4 a rest parameter may be empty", async () => {
    expect((await send("/docs")).status).toBe(200);
    expect((await send("/docs/")).status).toBe(404);
  });

  it("F5 a group has its own layout but no address", async () => {
    const html = await bodyOf("/g1");
    expect(html).toMatch(/root-layout.*group-layout/s);
    expect((await send("/(group)/g1")).status).toBe(404);
    expect((await send("/group/g1")).status).toBe(404);
  });

  it("F7 middleware runs from the app to the folder", async () => {
    expect(await bodyOf("/g1")).toContain(
      '<p id="log">main, root 1, root 2, group</p>',
    );
  });

  it("F7 file middleware applies to routes of the app after it", async () => {
    expect(await (await send("/before")).json()).toEqual(["main"]);
    const after = await send("/after");
    expect(after.headers.get("x-root")).toBe("yes");
    expect(await after.json()).toEqual(["main", "root 1", "root 2"]);
  });

  it("F8 a page may do without layouts and wrapper", async () => {
    const g2 = await bodyOf("/g2");
    expect(g2).not.toContain("-layout");
    expect(g2).toContain("<title>base</title>");
    const bare = await bodyOf("/bare");
    expect(bare).not.toContain("<title>");
    expect(bare).toContain("<body><p>bare</p></body>");
  });

  it("F9 the wrapper is around error pages too", async () => {
    expect(await bodyOf("/nope")).toContain("<title>base</title>");
  });

  it("F10 the root error page answers with the error's status", async () => {
    const cases = [["/nope", 404], ["/throw?forbidden", 403], ["/throw", 500]];
    const { errors } = await withErrorsHidden(async () => {
      for (const [path, status] of cases) {
        const response = await send(String(path));
        expect(response.status).toBe(Number(status));
        const html = await response.text();
        expect(html).toContain(`<h1 class="error">Error ${status}</h1>`);
        expect(html).not.toContain("secret");
      }
    });
    expect(errors).toEqual([]);
  });

  it("M11 the root error page is made outside root middleware", async () => {
    const nope = await send("/nope");
    expect(nope.headers.get("content-security-policy")).toBe(null);
    expect(nope.headers.get("x-root")).toBe(null);
    const about = await send("/about");
    expect(about.headers.get("content-security-policy")).not.toBe(null);
  });

  it("M11 csrf()'s refusal is answered by the error page", async () => {
    const response = await send("/form", {
      method: "POST",
      headers: { origin: "https://example.com" },
    });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("Error 403");
  });

  it("A9 file routes keep to the rules on trailing slashes", async () => {
    expect((await send("/about/")).status).toBe(200);
    expect((await send("/blog/")).status).toBe(200);
    expect((await send("/blog/x/")).status).toBe(404);
  });

  it("A14 ctx.route is the pattern of the file", async () => {
    expect(await bodyOf("/blog/x")).toContain('data-route="/blog/:id"');
  });
});
