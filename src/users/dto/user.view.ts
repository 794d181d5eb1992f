import { ApiProperty, PickType } from '@nestjs/swagger';
import { Expose, instanceToPlain, Type } from 'class-transformer';
import type { Role, Status } from '../../access/role.js';
import { JsonText } from '../../common/json-text.js';
import type { Network } from '../../networks/network.entity.js';
import { ScopeView } from '../../scopes/scope.view.js';
import type { User } from '../user.entity.js';
import { type UserViewName, WHAT_A_VIEW_SHOWS } from '../user.policy.js';

/** Shows a field in the views that the policy names, and in no other. */
const Shown = (): PropertyDecorator => (target, field) => {
  const views = Object.entries(WHAT_A_VIEW_SHOWS)
    .filter(([, fields]) => (fields as readonly string[]).includes(String(field)))
    .map(([view]) => view);
  Expose({ groups: views })(target, field);
};

/** All that answers may show of a user; which of it they do is the policy's (user.policy.ts). */
export class UserView {
  @Shown()
  @ApiProperty({ type: 'integer', minimum: 1, example: 7 })
  id!: number;

  /** As it was chosen, in its own case. */
  @Shown()
  @ApiProperty({ example: 'ada' })
  login!: string;

  @Shown()
  @ApiProperty({ description: '0: administrator, 1: client.', type: 'integer', enum: [0, 1], example: 1 })
  role!: Role;

  @Shown()
  @ApiProperty({
    description: '0: active, 1: locked out, 2: disabled.',
    type: 'integer',
    enum: [0, 1, 2],
    example: 0,
  })
  status!: Status;

  @Shown()
  @ApiProperty({
    description: 'The last sign-in or refresh.',
    type: String,
    format: 'date-time',
    nullable: true,
    example: '2026-01-31T12:00:00.000Z',
  })
  lastLogin!: Date | null;

  @Shown()
  @ApiProperty({
    description: 'The JSON object as it was sent.',
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { theme: 'dark' },
  })
  data!: JsonText | null;

  /** Whether the user has seen the introduction. */
  @Shown()
  @ApiProperty({ example: false })
  introReviewed!: boolean;

  /** Whether the user reaches every device type. */
  @Shown()
  @ApiProperty({ example: true })
  allDeviceTypesAvailable!: boolean;

  /** Those that are assigned to the user. */
  @Shown()
  @Type(() => ScopeView)
  @ApiProperty({ type: [ScopeView] })
  networks?: ScopeView[];
}

/** View *listed*. */
export class ListedUser extends PickType(UserView, WHAT_A_VIEW_SHOWS.listed) {}
/** View *published*. */
export class PublishedUser extends PickType(UserView, WHAT_A_VIEW_SHOWS.published) {}
/** View *submitted*. */
export class SubmittedUser extends PickType(UserView, WHAT_A_VIEW_SHOWS.submitted) {}

/** What a view shows of a user, ready to be sent. */
export function viewOf(user: User, view: UserViewName, networks?: readonly Network[]): object {
  const { id, login, role, status, lastLogin, introReviewed, allDeviceTypesAvailable } = user;
  const fields = {
    id,
    login,
    role,
    status,
    lastLogin,
    data: null,
    introReviewed,
    allDeviceTypesAvailable,
    networks,
  };
  const shown = instanceToPlain(Object.assign(new UserView(), fields), {
    groups: [view],
    strategy: 'excludeAll',
  });
  // Put in last: class-transformer would walk into it.
  if ('data' in shown && user.data !== null) shown['data'] = new JsonText(user.data);
  return shown;
}
