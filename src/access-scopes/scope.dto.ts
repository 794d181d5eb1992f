import { IsIn, IsOptional, ValidateIf } from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, PartialType, PickType } from '@nestjs/swagger';
import { IsId } from '../fields/is-id.js';
import { ID_SCHEMA, TEXT_PATTERN } from '../openapi/schemas.js';
import { PageQuery, QueryPattern, QuerySort, QueryText } from '../pagination/page.query.js';
import { StorableText } from '../text/storable-text.js';

/** Maximum length of a name and of a description, in characters. */
const LONGEST = 128;

const DescriptionField = () =>
  applyDecorators(
    ValidateIf((_, value) => value !== undefined && value !== null),
    StorableText(0, LONGEST),
    ApiProperty({
      description: '`null` clears it.',
      type: String,
      nullable: true,
      required: false,
      maxLength: LONGEST,
      pattern: TEXT_PATTERN,
      example: 'Everything on the ground floor',
    }),
  );

/** The body of `POST /network` and `POST /devicetype` (contract.md §4). */
export class CreateScopeDto {
  /** Accepted and ignored, so that a client can send back the response of GET. */
  @ValidateIf((_, value) => value !== undefined)
  @IsId()
  @ApiProperty({ ...ID_SCHEMA, description: 'Accepted, and ignored.', required: false })
  id?: number;

  @StorableText(1, LONGEST)
  @ApiProperty({
    description: 'Unique.',
    minLength: 1,
    maxLength: LONGEST,
    pattern: TEXT_PATTERN,
    example: 'Ground floor',
  })
  name!: string;

  @DescriptionField()
  description?: string | null;
}

/** The body of `PUT /network/{id}` and `PUT /devicetype/{id}`: only fields that are present change. */
export class UpdateScopeDto extends PartialType(CreateScopeDto, { skipNullProperties: false }) {}

/** The query of `GET /network` and `GET /devicetype`. */
export class ListScopesQuery extends PageQuery {
  @QueryText('The name, exactly but for case.')
  name?: string;

  @QueryPattern('name')
  namePattern?: string;

  @QuerySort(['ID', 'Name'])
  sortField: 'ID' | 'Name' = 'ID';
}

/** The query of `GET /network/count` and `GET /devicetype/count`: the same filters. */
export class CountScopesQuery extends PickType(ListScopesQuery, ['name', 'namePattern']) {}

/** The query of `DELETE /network/{id}` and `DELETE /devicetype/{id}`. */
export class RemoveScopeQuery {
  @IsOptional()
  @IsIn(['true', 'false'], { message: ({ property }) => `${property} must be true or false` })
  @ApiProperty({
    description: 'Accepted for clients of DeviceHive. Nothing can prevent a deletion, so both do the same.',
    type: Boolean,
    required: false,
  })
  force?: 'true' | 'false';
}
