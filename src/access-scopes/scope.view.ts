import { ValidateBy } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { AsSent } from '../fields/as-sent.js';
import type { FieldType } from '../fields/field.js';
import { isId } from '../fields/is-id.js';
import { ID_SCHEMA } from '../openapi/schemas.js';
import { JsonText } from '../text/json-text.js';
import type { Scope } from './scope.entity.js';

/** An access scope in responses (contract.md §4). */
export class ScopeView {
  @ApiProperty({ ...ID_SCHEMA, example: 1 })
  id!: number;

  @ApiProperty({
    description: 'Unique among its kind.',
    example: 'Default network',
  })
  name!: string;

  @ApiProperty({
    description: 'What it is for.',
    type: String,
    nullable: true,
    example: null,
  })
  description!: string | null;
}

/** Field type for a list of scopes in another record. */
export const scopeListField = (): FieldType<readonly ScopeView[]> => ({
  validation: [AsSent(), IsScopeList()],
  schema: { type: [ScopeView] },
});

/** A list of scopes as responses have it. A list of objects arrives as the text that was sent. */
const IsScopeList = (): PropertyDecorator =>
  ValidateBy({
    name: 'isScopeList',
    validator: {
      validate: (value: unknown) => {
        const list = value instanceof JsonText ? (JSON.parse(value.text) as unknown) : value;
        return Array.isArray(list) && list.every(isScope);
      },
      defaultMessage: (validation) => `${validation?.property} must be a list such as GET returns it`,
    },
  });

function isScope(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, description } = value as Partial<Record<keyof ScopeView, unknown>>;
  return isId(id) && typeof name === 'string' && (description === null || typeof description === 'string');
}

/** Converts a scope to its view. */
export const toScopeView = ({ id, name, description }: Scope): ScopeView => ({ id, name, description });
