import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { App, HttpError, type Middleware } from "fresh";
import { sendTo, withErrorsHidden } from "./_kit.ts";

const answer = (text: string): Middleware<unknown> => () => new Response(text);
const mark = (name: string): Middleware<unknown> => async (ctx) => {
  const response = await ctx.next();
  response.headers.append("x-mark", name);
  return response;
};

describe("App routes", () => {
  it("A1 the default config is production at the root", () => {
    const { basePath, mode, trustProxy } = new App().config;
    expect({ basePath, mode, trustProxy }).toEqual({
      basePath: "",
      mode: "production",
      trustProxy: false,
    });
  });

  it("A2 all() answers every verb, the others their own", async () => {
    const send = sendTo((app) =>
      app.all("/all", answer("all")).put("/put", answer("put"))
        .delete("/delete", answer("delete"))
    );
    const verbs = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    for (const method of verbs) {
      expect((await send("/all", { method })).status).toBe(200);
    }
    expect(await (await send("/put", { method: "PUT" })).text()).toBe("put");
    expect((await send("/delete", { method: "DELETE" })).status).toBe(200);
  });

  it("A3 the first registration for a pattern and verb wins", async () => {
    const send = sendTo((app) =>
      app.get("/both", answer("first")).get("/both", answer("second"))
    );
    expect(await (await send("/both")).text()).toBe("first");
  });

  it("A4 another verb answers 405, OPTIONS lists the registered", async () => {
    const send = sendTo((app) =>
      app.get("/a", answer("get")).post("/a", answer("post"))
    );
    const put = await send("/a", { method: "PUT" });
    expect(put.status).toBe(405);
    expect(put.headers.get("allow")).toBe(null);
    expect(await put.text()).toBe("Method Not Allowed");
    const options = await send("/a", { method: "OPTIONS" });
    expect(options.status).toBe(204);
    expect(options.headers.get("allow")).toBe("GET, POST");
  });

  it("A5 HEAD runs the GET handler and drops the body", async () => {
    const send = sendTo((app) =>
      app.get("/h", () => new Response("body", { headers: { "x-a": "1" } }))
    );
    const head = await send("/h", { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(head.headers.get("x-a")).toBe("1");
    expect(await head.text()).toBe("");
  });

  it("A6 nothing matching answers 404 for any verb", async () => {
    const send = sendTo((app) => app.get("/a", answer("a")));
    for (const method of ["GET", "POST", "OPTIONS"]) {
      const response = await send("/none", { method });
      expect(response.status).toBe(404);
      expect(await response.text()).toBe("Not Found");
    }
  });

  it("A7 plain paths beat patterns, which go in order", async () => {
    const send = sendTo((app) =>
      app.get("/p/:x", answer("pattern")).get("/p/y", answer("plain"))
        .get("/p/:z", answer("later"))
    );
    expect(await (await send("/p/y")).text()).toBe("plain");
    expect(await (await send("/p/q")).text()).toBe("pattern");
  });

  it("A8 the first matching pattern decides, also with 405", async () => {
    const send = sendTo((app) =>
      app.post("/a/:x", answer("post")).get("/a/*", answer("get"))
    );
    expect((await send("/a/1")).status).toBe(405);
    expect(await (await send("/a/1/2")).text()).toBe("get");
  });

  it("A9 plain paths answer with a trailing slash, patterns do not", async () => {
    const send = sendTo((app) =>
      app.get("/about", answer("about")).get("/blog/:id", answer("blog"))
    );
    expect((await send("/about/")).status).toBe(200);
    expect((await send("/blog/x")).status).toBe(200);
    expect((await send("/blog/x/")).status).toBe(404);
  });

  it("A10 case matters, repeated slashes do not", async () => {
    const send = sendTo((app) =>
      app.get("/UPPER", (ctx) => ctx.text(`${ctx.url.pathname} ${ctx.req.url}`))
    );
    expect((await send("/upper")).status).toBe(404);
    expect(await (await send("//UPPER")).text()).toBe(
      "/UPPER http://localhost//UPPER",
    );
  });

  it("A11 params are decoded but for the slash", async () => {
    const send = sendTo((app) =>
      app.get("/p/:id", (ctx) => ctx.text(ctx.params.id ?? "missing"))
        .get("/r/:rest*", (ctx) => ctx.json(ctx.params.rest))
    );
    expect(await (await send("/p/a%20b")).text()).toBe("a b");
    expect(await (await send("/p/a%2Fb")).text()).toBe("a%2Fb");
    expect(await (await send("/p/%C3%A9")).text()).toBe("é");
    expect(await (await send("/r")).json()).toBe("");
    expect(await (await send("/r/a/b")).json()).toBe("a/b");
  });

  it("A14 ctx.route is the matched pattern, null without one", async () => {
    const send = sendTo((app) =>
      app.use(async (ctx) => {
        if (ctx.route !== null) return await ctx.next();
        return ctx.json(null);
      }).get("/p/:id", (ctx) => ctx.json(ctx.route))
    );
    expect(await (await send("/p/1")).json()).toBe("/p/:id");
    expect(await (await send("/none")).json()).toBe(null);
  });

  it("A16 handler() knows what was registered before it", async () => {
    const app = new App();
    const before = app.handler();
    app.get("/b", answer("b"));
    const request = () => new Request("http://localhost/b");
    expect((await before(request())).status).toBe(404);
    expect((await app.handler()(request())).status).toBe(200);
  });

  it("A17 listen() serves on its port until its signal", async () => {
    const stop = new AbortController();
    const { promise, resolve } = Promise.withResolvers<Deno.NetAddr>();
    const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = probe.addr;
    probe.close();
    await new App().get("/", answer("served")).listen({
      hostname: "127.0.0.1",
      port,
      signal: stop.signal,
      onListen: resolve,
    });
    expect((await promise).port).toBe(port);
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(await response.text()).toBe("served");
    await expect(
      new App().listen({ hostname: "127.0.0.1", port }),
    ).rejects.toThrow(Deno.errors.AddrInUse);
    stop.abort();
  });

  it("A18 only trustProxy believes forwarded headers", async () => {
    for (const trustProxy of [true, false]) {
      const app = new App({ trustProxy })
        .get("/", (ctx) => ctx.text(ctx.url.href));
      const response = await app.handler()(
        new Request("http://localhost/", {
          headers: {
            "x-forwarded-proto": "https",
            "x-forwarded-host": "pub:444",
          },
        }),
      );
      expect(await response.text()).toBe(
        trustProxy ? "https://pub:444/" : "http://localhost/",
      );
    }
  });

  it("A20 info has a peer even without a server", async () => {
    const send = sendTo((app) =>
      app.get("/", (ctx) => ctx.json(ctx.info.remoteAddr))
    );
    expect(await (await send("/")).json()).toMatchObject({
      hostname: "localhost",
      port: 1234,
    });
  });
});

describe("App middleware and errors", () => {
  it("M1 use() affects later routes and unmatched requests", async () => {
    const send = sendTo((app) =>
      app.use(mark("early")).get("/x", answer("x")).use(mark("late"))
        .get("/y", answer("y"))
    );
    expect((await send("/x")).headers.get("x-mark")).toBe("early");
    expect((await send("/y")).headers.get("x-mark")).toBe("late, early");
    const { result } = await withErrorsHidden(() => send("/none"));
    expect(result.status).toBe(404);
  });

  it("M4 a result that is no Response answers 500", async () => {
    const broken = { get: () => "text" } as unknown as {
      get: Middleware<unknown>;
    };
    const send = sendTo((app) => app.get("/", broken.get));
    const { result } = await withErrorsHidden(() => send("/"));
    expect(result.status).toBe(500);
  });

  it("M5 without an error page a status has its text", async () => {
    const send = sendTo((app) =>
      app.get("/403", () => {
        throw new HttpError(403);
      }).get("/500", () => {
        throw new HttpError(500, "message");
      }).get("/error", () => {
        throw new Error("secret");
      })
    );
    const { errors } = await withErrorsHidden(async () => {
      expect(await (await send("/403")).text()).toBe("Forbidden");
      expect(await (await send("/500")).text()).toBe("message");
      const response = await send("/error");
      expect(response.status).toBe(500);
      expect(await response.text()).toBe("Internal server error");
    });
    expect(errors).toHaveLength(2);
  });

  it("M6 HttpError has a status, a message, a cause and its name", async () => {
    const cause = new Error("cause");
    const error = new HttpError(418, "teapot", { cause });
    expect(error.status).toBe(418);
    expect(error.message).toBe("teapot");
    expect(error.cause).toBe(cause);
    expect(error.name).toBe("HttpError");
    expect(new HttpError(404).message).toBe("");
    const runtime = await import("fresh/runtime");
    expect(runtime.HttpError).toBe(HttpError);
  });

  it("M12 a middleware that catches answers what is unmatched", async () => {
    const send = sendTo((app) =>
      app.use(mark("outer")).use(async (ctx) => {
        try {
          return await ctx.next();
        } catch (error) {
          const status = error instanceof HttpError ? error.status : 500;
          return ctx.text(`caught ${status}`, { status });
        }
      }).get("/error", () => {
        throw new Error("secret");
      })
    );
    for (const [path, status] of [["/none", 404], ["/error", 500]] as const) {
      const response = await send(path);
      expect(response.status).toBe(status);
      expect(response.headers.get("x-mark")).toBe("outer");
      expect(await response.text()).toBe(`caught ${status}`);
    }
  });

  it("M15 middleware may be made at the first request", async () => {
    let made = 0;
    const send = sendTo((app) =>
      app.use(() => {
        made++;
        return Promise.resolve(mark("lazy"));
      }).get("/", answer("x"))
    );
    expect((await send("/")).headers.get("x-mark")).toBe("lazy");
    expect((await send("/")).headers.get("x-mark")).toBe("lazy");
    expect(made).toBe(1);
  });
});

describe("Context", () => {
  it("C1 a request begins with its own empty state and no error", async () => {
    const send = sendTo((app) =>
      app.get("/", (ctx) =>
        ctx.json({
          state: ctx.state,
          error: ctx.error,
          isPartial: ctx.isPartial,
          mode: ctx.config.mode,
        }))
    );
    expect(await (await send("/")).json()).toEqual({
      state: {},
      error: null,
      isPartial: false,
      mode: "production",
    });
  });

  it("C1 text, html and json have their types", async () => {
    const send = sendTo((app) =>
      app.get("/text", (ctx) => ctx.text("t", { status: 201 }))
        .get("/html", (ctx) => ctx.html("<p>", { headers: { "x-a": "1" } }))
        .get("/json", (ctx) => ctx.json({ a: 1 }))
    );
    expect((await send("/text")).status).toBe(201);
    const html = await send("/html");
    expect(html.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(html.headers.get("x-a")).toBe("1");
    const json = await send("/json");
    expect(json.headers.get("content-type")).toBe("application/json");
    expect(await json.json()).toEqual({ a: 1 });
  });

  it("C2 redirect() keeps a path on this host", async () => {
    const cases: [to: string, location: string][] = [
      ["/a", "/a"],
      ["//evil.example/", "/evil.example/"],
      ["/a//b?next=//c", "/a/b?next=//c"],
      ["/a//b#//c", "/a/b#//c"],
      ["https://example.com//x", "https://example.com//x"],
    ];
    for (const [to, location] of cases) {
      const send = sendTo((app) => app.get("/", (ctx) => ctx.redirect(to)));
      const response = await send("/");
      expect(response.status).toBe(302);
      expect(response.headers.get("location")).toBe(location);
      response.headers.set("x-a", "mutable");
    }
    const send = sendTo((app) => app.get("/", (ctx) => ctx.redirect("/", 303)));
    expect((await send("/")).status).toBe(303);
  });
});
