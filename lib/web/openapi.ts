import * as z from "zod";
import { API_TOKEN_RATE } from "../auth/mod.ts";
import { API_SCOPES } from "../domain/mod.ts";
import { API_ENDPOINTS, type ApiEndpoint } from "./api_endpoints.ts";
import * as answers from "./api_schemas.ts";
import { problemTitle } from "./problem.ts";

export { answers };

type Json = Record<string, unknown>;

const SCHEMAS = "#/components/schemas/";
const JSON_TYPE = "application/json";
const PROBLEM_TYPE = "application/problem+json";

const DESCRIPTION = `What a brand's own programs may read of its workspace.

Authenticate with an API token, which an admin of the brand makes on the page People, under API tokens:
\`Authorization: Bearer tb_…\`. A token opens one workspace, reads only, and holds scopes:

${API_SCOPES.map(({ name, says }) => `- \`${name}\`: ${says}.`).join("\n")}

A token may ask ${API_TOKEN_RATE.requests} times a minute; what goes beyond is answered 429 with \`Retry-After\`.
Times are ISO 8601 in UTC, money is in integer cents, ids are text, and what is unknown is null. Errors are problem
details (RFC 9457). Answers carry an ETag: ask again with \`If-None-Match\`, and what has not changed is 304.`;

const WORKSPACE_PARAMETER = {
  name: "w",
  in: "query",
  required: false,
  schema: { type: "string" },
  description:
    "The workspace's slug. A token needs none: it has one workspace, and another one here is 404.",
};

const HEADERS: Record<number, Json> = {
  401: { "WWW-Authenticate": { schema: { type: "string" } } },
  429: {
    "Retry-After": {
      schema: { type: "integer" },
      description: "Seconds until another request is welcome.",
    },
  },
};

/** The OpenAPI 3.1 document of the JSON endpoints, made from the shapes that they parse and answer. */
export function openApiDocument(version: string): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "Tetherboard",
      version,
      description: DESCRIPTION,
      license: { name: "Proprietary", identifier: "LicenseRef-Proprietary" },
    },
    servers: [{ url: "/" }],
    tags: API_SCOPES.map(({ name, says }) => ({ name, description: says })),
    paths: Object.fromEntries(
      Object.entries(API_ENDPOINTS).map(([route, endpoint]) => [
        route.replaceAll(/:(\w+)/g, "{$1}"),
        { [endpoint.method]: operationOf(route, endpoint) },
      ]),
    ),
    components: {
      schemas: componentSchemas(),
      responses: Object.fromEntries(
        Object.values(PROBLEMS).flat().map((
          status,
        ) => [`Problem${status}`, problemResponse(status)]),
      ),
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "An API token of one workspace.",
        },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-session",
          description:
            "The session of somebody who has signed in; `session` where the portal is not served over HTTPS.",
        },
      },
    },
  };
}

/** The refusals that an endpoint may answer, by who may ask. */
const PROBLEMS = {
  open: [503],
  session: [401, 403, 404, 409, 429, 503],
  token: [400, 401, 403, 404, 409, 429, 503],
};

function operationOf(route: string, endpoint: ApiEndpoint): Json {
  const { access, summary, status, answer, query = {} } = endpoint;
  const scope = typeof access === "object" ? access.scope : null;
  const problems = scope ? PROBLEMS.token : PROBLEMS[access as "open"];
  const isOpen = access === "open";
  return {
    operationId: operationId(route),
    summary,
    ...scope ? { tags: [scope], description: `Scope: \`${scope}\`.` } : {},
    security: isOpen ? [] : [...scope ? [{ token: [] }] : [], { session: [] }],
    parameters: [
      ...isOpen ? [] : [WORKSPACE_PARAMETER],
      ...[...route.matchAll(/:(\w+)/g)].map(([, name]) => ({
        name,
        in: "path",
        required: true,
        schema: { type: "string" },
      })),
      ...Object.entries(query).map(([name, shape]) =>
        parameterOf(name, shape as z.ZodType)
      ),
    ],
    responses: {
      [status]: {
        description: summary,
        content: { [JSON_TYPE]: { schema: referenceTo(answers[answer]) } },
      },
      ...scope ? { 304: { description: "Not changed since." } } : {},
      ...Object.fromEntries(
        problems.map((
          status,
        ) => [status, { $ref: `#/components/responses/Problem${status}` }]),
      ),
    },
  };
}

/** "/api/dashboard/notes/:id" as "dashboardNotesId". */
function operationId(route: string): string {
  return route.replace("/api/", "").replaceAll(
    /[^a-z]+([a-z])/g,
    (_, letter: string) => letter.toUpperCase(),
  );
}

/** A query parameter as what it is read as. */
function parameterOf(name: string, shape: z.ZodType): Json {
  const { $schema: _, description, ...schema } = z.toJSONSchema(shape, {
    io: "output",
  });
  return { name, in: "query", required: false, schema, description };
}

function problemResponse(status: number): Json {
  const headers = HEADERS[status];
  return {
    description: problemTitle(status),
    ...headers ? { headers } : {},
    content: { [PROBLEM_TYPE]: { schema: referenceTo(answers.problemSchema) } },
  };
}

function referenceTo(schema: z.ZodType): Json {
  return { $ref: SCHEMAS + answers.apiSchemas.get(schema)?.id };
}

function componentSchemas(): Json {
  const { schemas } = z.toJSONSchema(answers.apiSchemas, {
    uri: (id) => SCHEMAS + id,
    override: ({ jsonSchema }) => {
      // The limits of this program's numbers and zod's own patterns say nothing to a reader.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
        delete jsonSchema.maximum;
      }
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) {
        delete jsonSchema.minimum;
      }
      if (jsonSchema.format) delete jsonSchema.pattern;
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const { $schema: _, $id: __, ...rest } = schema;
      return [name, rest];
    }),
  );
}
