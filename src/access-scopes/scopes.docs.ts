import { ApiProperty } from '@nestjs/swagger';
import { requestErrors } from '../errors/request.errors.js';
import { ETAG_HEADER } from '../http/conditional.decorator.js';
import type { OperationDoc } from '../openapi/operation.decorator.js';
import { ID_SCHEMA } from '../openapi/schemas.js';
import { CountView } from '../pagination/count.view.js';
import { CreateScopeDto, UpdateScopeDto } from './scope.dto.js';
import { ScopeView } from './scope.view.js';
import type { ScopeKind } from './scope-kind.js';
import { scopeErrors } from './scopes.errors.js';

/** The response of `POST /network` and `POST /devicetype`. */
export class CreatedScopeView {
  @ApiProperty({ ...ID_SCHEMA, example: 2 })
  readonly id!: number;
}

/** The names of the operations of scopes.controller.ts. */
export type ScopeOperation = 'list' | 'count' | 'get' | 'create' | 'update' | 'remove';

/** OpenAPI documentation of the operations on one kind of scope. */
export function describeScopes({ label, id }: ScopeKind): Record<ScopeOperation, OperationDoc> {
  const one = label.toLowerCase();
  const reached = 'Everyone sees what both the user and its token reach.';
  const invalidId = requestErrors.invalidParameters([
    { field: 'id', message: 'id must be a positive integer' },
  ]);
  const notFound = scopeErrors.notFound(label, 2);
  return {
    list: {
      id: `list${id}s`,
      summary: `List ${one}s`,
      description: `${reached} A \`Link\` header with \`rel="next"\` announces the next page.`,
      success: {
        description: `The ${one}s.`,
        type: [ScopeView],
        headers: {
          Link: { description: 'The next page, if this one has been cut short.', example: '<…>; rel="next"' },
        },
      },
    },
    count: {
      id: `count${id}s`,
      summary: `Count ${one}s`,
      description: `${reached} Takes the filters of the list.`,
      success: { description: 'How many there are.', type: CountView },
    },
    get: {
      id: `get${id}`,
      summary: `Get a ${one}`,
      description: reached,
      success: { description: `The ${one}.`, type: ScopeView, headers: ETAG_HEADER },
      errors: [invalidId, notFound],
    },
    create: {
      id: `create${id}`,
      summary: `Create a ${one}`,
      description: 'For administrators.',
      body: CreateScopeDto,
      examples: { 'With a description': { name: 'Ground floor', description: 'Everything downstairs' } },
      success: { description: `The ${one} has been created.`, type: CreatedScopeView },
      errors: [scopeErrors.nameTaken(label)],
    },
    update: {
      id: `update${id}`,
      summary: `Update a ${one}`,
      description: 'For administrators. Only the properties that are present change.',
      body: UpdateScopeDto,
      examples: { 'Another name': { name: 'First floor' }, 'No description': { description: null } },
      success: { description: `The ${one} has been updated. The body is empty.` },
      errors: [invalidId, scopeErrors.nameTaken(label), notFound],
    },
    remove: {
      id: `delete${id}`,
      summary: `Delete a ${one}`,
      description: 'For administrators. Its assignments go with it.',
      success: { description: `The ${one} has been deleted. The body is empty.` },
      errors: [invalidId, notFound],
    },
  };
}
