import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { TEXT_PATTERN } from '../openapi/schemas.js';
import { StorableText } from '../text/storable-text.js';

/** Maximum length of a name, in characters. */
export const LONGEST_NAME = 32;
/** Maximum length of a value, in characters. */
export const LONGEST_VALUE = 128;

/** The body of `PUT /configuration/{name}` (contract.md §4). */
export class SetConfigurationDto {
  @StorableText(0, LONGEST_VALUE)
  @ApiProperty({
    description: 'Any text; never a secret.',
    maxLength: LONGEST_VALUE,
    pattern: TEXT_PATTERN,
    example: '5',
  })
  value!: string;
}

/** The response of `GET` and `PUT /configuration/{name}`. `Configuration` is a word of generated clients themselves. */
@ApiSchema({ name: 'ConfigurationValue' })
export class ConfigurationView {
  @ApiProperty({ description: 'The setting.', example: 'user.login.maxAttempts' })
  readonly name!: string;

  @ApiProperty({ description: 'What it is set to.', example: '5' })
  readonly value!: string;

  @ApiProperty({ description: 'Counts the changes.', type: 'integer', minimum: 0, example: 0 })
  readonly entityVersion!: number;
}
