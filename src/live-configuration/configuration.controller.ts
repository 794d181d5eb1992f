import { Body, Controller, Delete, Get, HttpStatus, Param, type PipeTransform, Put } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal } from '../authorization/access.decorator.js';
import { Action } from '../authorization/action.js';
import type { Principal } from '../authorization/principal.js';
import { requestErrors } from '../errors/request.errors.js';
import { Operation, type OperationDoc } from '../openapi/operation.decorator.js';
import { anyCaseOf, TEXT_PATTERN } from '../openapi/schemas.js';
import { countCharacters } from '../text/characters.js';
import { isStorableText } from '../text/storable-text.js';
import { ConfigurationView, LONGEST_NAME, SetConfigurationDto } from './configuration.dto.js';
import { configurationErrors } from './configuration.errors.js';
import { ConfigurationService, SECRET_WORDS } from './configuration.service.js';

const manage = { actions: [Action.ManageConfiguration], who: 'administrators' } as const;
const NAME = {
  name: 'name',
  description: 'The name of a setting.',
  schema: {
    type: 'string',
    minLength: 1,
    maxLength: LONGEST_NAME,
    pattern: TEXT_PATTERN,
    example: 'user.login.maxAttempts',
  },
} as const;
/** The name of a setting that may be set. */
const NAME_TO_SET = {
  ...NAME,
  description: `The name of a setting, without the words ${SECRET_WORDS.map((word) => `\`${word}\``).join(', ')} in any case.`,
  schema: { ...NAME.schema, pattern: String.raw`^(?![\s\S]*${anyCaseOf(SECRET_WORDS)})[^\x00]*$` },
} as const;
const INVALID_NAME = requestErrors.invalidParameters([
  { field: 'name', message: 'name can have at most 32 characters' },
]);
const NOT_FOUND = configurationErrors.notFound('x');

const get: OperationDoc = {
  id: 'getConfiguration',
  summary: 'Get a setting',
  description: 'For administrators.',
  success: { description: 'The setting.', type: ConfigurationView },
  errors: [INVALID_NAME, NOT_FOUND],
};
const set: OperationDoc = {
  id: 'setConfiguration',
  summary: 'Set a setting',
  description:
    'For administrators. `user.login.maxAttempts` is read live by the lockout. No secret is kept here.',
  body: SetConfigurationDto,
  examples: { 'Five failed logins': { value: '5' } },
  success: { description: 'The setting as it is now.', type: ConfigurationView },
  errors: [INVALID_NAME],
};
const remove: OperationDoc = {
  id: 'deleteConfiguration',
  summary: 'Delete a setting',
  description: 'For administrators. What it sets is then as by default.',
  success: { description: 'The setting has been deleted. The body is empty.' },
  errors: [INVALID_NAME, NOT_FOUND],
};

/** Validates the `name` in the path. */
const namePipe: PipeTransform<string, string> = {
  transform: (name) => {
    if (countCharacters(name) <= LONGEST_NAME && isStorableText(name)) return name;
    throw INVALID_NAME;
  },
};

/** `/configuration` (contract.md §4). */
@ApiTags('Configuration')
@Controller('configuration')
export class ConfigurationController {
  constructor(private readonly configuration: ConfigurationService) {}

  @Get(':name')
  @Access(manage)
  @Operation(HttpStatus.OK, get)
  @ApiParam(NAME)
  get(@Param('name', namePipe) name: string): Promise<ConfigurationView> {
    return this.configuration.get(name);
  }

  @Put(':name')
  @Access(manage)
  @Operation(HttpStatus.OK, set)
  @ApiParam(NAME_TO_SET)
  set(
    @Param('name', namePipe) name: string,
    @Body() { value }: SetConfigurationDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<ConfigurationView> {
    return this.configuration.set(name, value, actor);
  }

  @Delete(':name')
  @Access(manage)
  @Operation(HttpStatus.NO_CONTENT, remove)
  @ApiParam(NAME)
  remove(@Param('name', namePipe) name: string, @CurrentPrincipal() actor: Principal): Promise<void> {
    return this.configuration.remove(name, actor);
  }
}
