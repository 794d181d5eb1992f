import { ApiProperty } from '@nestjs/swagger';
import type { FieldType } from '../fields/field.js';
import type { Scope } from './scope.entity.js';

/** An access scope in responses (contract.md §4). */
export class ScopeView {
  @ApiProperty({ type: 'integer', minimum: 1, example: 1 })
  id!: number;

  @ApiProperty({
    description: 'Unique among its kind.',
    minLength: 1,
    maxLength: 128,
    example: 'Default network',
  })
  name!: string;

  @ApiProperty({
    description: 'What it is for.',
    type: String,
    nullable: true,
    maxLength: 128,
    example: null,
  })
  description!: string | null;
}

/** Field type for a list of scopes in another record. */
export const scopeListField = (): FieldType<readonly ScopeView[]> => ({
  validation: [],
  schema: { type: [ScopeView] },
});

/** Converts a scope to its view. */
export const toScopeView = ({ id, name, description }: Scope): ScopeView => ({ id, name, description });
