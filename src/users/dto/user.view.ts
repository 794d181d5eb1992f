import { ApiProperty, PickType } from '@nestjs/swagger';
import type { Role, Status } from '../../authorization/role.js';
import { JsonText } from '../../text/json-text.js';
import type { Network } from '../../access-scopes/networks/network.entity.js';
import { ScopeView, viewOf as scopeViewOf } from '../../access-scopes/scope.view.js';
import type { User } from '../user.entity.js';
import { type UserViewName, WHAT_A_VIEW_SHOWS } from '../user.policy.js';

/** All that answers may show of a user; which of it they do is the policy's (user.policy.ts). */
export class UserView {
  @ApiProperty({ type: 'integer', minimum: 1, example: 7 })
  id!: number;

  /** As it was chosen, in its own case. */
  @ApiProperty({ example: 'ada' })
  login!: string;

  @ApiProperty({ description: '0: administrator, 1: client.', type: 'integer', enum: [0, 1], example: 1 })
  role!: Role;

  @ApiProperty({
    description: '0: active, 1: locked out, 2: disabled.',
    type: 'integer',
    enum: [0, 1, 2],
    example: 0,
  })
  status!: Status;

  @ApiProperty({
    description: 'The last sign-in or refresh.',
    type: String,
    format: 'date-time',
    nullable: true,
    example: '2026-01-31T12:00:00.000Z',
  })
  lastLogin!: Date | null;

  @ApiProperty({
    description: 'The JSON object as it was sent.',
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { theme: 'dark' },
  })
  data!: JsonText | null;

  /** Whether the user has seen the introduction. */
  @ApiProperty({ example: false })
  introReviewed!: boolean;

  /** Whether the user reaches every device type. */
  @ApiProperty({ example: true })
  allDeviceTypesAvailable!: boolean;

  /** Those that are assigned to the user. */
  @ApiProperty({ type: [ScopeView] })
  networks?: ScopeView[];
}

/** View *listed*. */
export class ListedUser extends PickType(UserView, WHAT_A_VIEW_SHOWS.listed) {}
/** View *published*. */
export class PublishedUser extends PickType(UserView, WHAT_A_VIEW_SHOWS.published) {}
/** View *submitted*. */
export class SubmittedUser extends PickType(UserView, WHAT_A_VIEW_SHOWS.submitted) {}

/** What a view shows of a user, ready to be sent: the fields that the policy names, and nothing else. */
export function viewOf(user: User, view: UserViewName, networks: readonly Network[] = []): object {
  const shown: Record<string, unknown> = {};
  for (const field of WHAT_A_VIEW_SHOWS[view]) {
    shown[field] = field in FORMED ? FORMED[field as FormedField](user, networks) : user[field as OwnField];
  }
  return shown;
}

/** The fields that are not shown as they are kept. */
const FORMED = {
  data: ({ data }: User) => (data === null ? null : new JsonText(data)),
  networks: (_: User, networks: readonly Network[]) => networks.map(scopeViewOf),
};
type FormedField = keyof typeof FORMED;
type OwnField = Exclude<(typeof WHAT_A_VIEW_SHOWS)[UserViewName][number], FormedField>;
