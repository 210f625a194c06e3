import process from "node:process";

/** Serves the build, and says on its log what costs a start dearly: "loads node:crypto", "loads Intl.NumberFormat". */
function say(name: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`loads ${name}\n`));
}

Object.defineProperty(globalThis, "process", {
  get: () => {
    say("process");
    return process;
  },
});
const load = process.getBuiltinModule.bind(process);
Object.assign(process, {
  getBuiltinModule: (name: string) => {
    say(name);
    return load(name);
  },
});
for (const name of ["NumberFormat", "DateTimeFormat"] as const) {
  const watched = new Proxy<object>(Intl[name], {
    construct: (format, args) => {
      say(`Intl.${name}`);
      return Reflect.construct(format as typeof Date, args);
    },
  });
  Object.assign(Intl, { [name]: watched });
}
await import(new URL("../../_fresh/start.js", import.meta.url).href);
