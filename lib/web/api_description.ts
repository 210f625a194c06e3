/** The description of the JSON endpoints and the shapes it is made from; few processes are ever asked for them. */
export function apiDescription(): Promise<typeof import("./openapi.ts")> {
  return import("./openapi.ts");
}
