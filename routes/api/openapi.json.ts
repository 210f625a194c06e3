import {
  apiDescription,
  define,
  jsonAnswer,
  methods,
  type State,
} from "../../lib/web/mod.ts";

/** The description of the JSON endpoints, OpenAPI 3.1. No session: there is no data in it. */
export const handler = define.handlers(methods<State>({
  async GET({ req, state: { services: { version } } }) {
    const { openApiDocument } = await apiDescription();
    return jsonAnswer(req, openApiDocument(version));
  },
}));
