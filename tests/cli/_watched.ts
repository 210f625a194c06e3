import process from "node:process";

/** Serves the build, and says on its log what is loaded of Node: "loads node:crypto". */
const load = process.getBuiltinModule.bind(process);
Object.assign(process, {
  getBuiltinModule: (name: string) => {
    Deno.stderr.writeSync(new TextEncoder().encode(`loads ${name}\n`));
    return load(name);
  },
});
await import(new URL("../../_fresh/start.js", import.meta.url).href);
