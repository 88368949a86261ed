/**
 * Where `@nestjs/swagger` looks: the metadata keys of its decorators, the same in its versions 11 and 12. Written by
 * name, so that an app without it loads nothing of it.
 */
export const SWAGGER = {
  operation: 'swagger/apiOperation',
  parameters: 'swagger/apiParameters',
  responses: 'swagger/apiResponse',
  security: 'swagger/apiSecurity',
  tags: 'swagger/apiUseTags',
  extension: 'swagger/apiExtension',
} as const;

/** A schema of OpenAPI 3, which is one of JSON Schema but for details that are not used here. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** The schema of what every refusal and every error answers (RFC 9457). */
export const PROBLEM_SCHEMA: JsonSchema = {
  type: 'object',
  description: 'A problem (RFC 9457).',
  properties: {
    type: { type: 'string', example: 'about:blank' },
    title: { type: 'string', description: 'The status in words.', example: 'Unauthorized' },
    status: { type: 'integer', example: 401 },
    code: { type: 'string', description: 'What went wrong, for programs.', example: 'credentials_missing' },
    detail: { type: 'string', description: 'What went wrong, for people.' },
  },
  required: ['type', 'title', 'status', 'code', 'detail'],
};
