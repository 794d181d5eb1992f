import { ApiProperty } from '@nestjs/swagger';
import type { StoredRevocation } from './revocation.entity.js';

const SID = {
  description: 'The session: the `sid` of its tokens.',
  type: String,
  example: '5d6a0a1e-3b1c-4c53-9a52-8d0b7d3d6a10',
};

/** A session that has been revoked. */
export class RevokedView {
  @ApiProperty(SID)
  readonly sid!: string;

  @ApiProperty({
    description: 'When its last access token expires.',
    format: 'date-time',
    example: '2026-01-31T12:30:00.000Z',
  })
  readonly until!: string;
}

/** A session whose user has lost a role, a network or a device type. */
export class NarrowedView {
  @ApiProperty(SID)
  readonly sid!: string;

  @ApiProperty({
    description: 'Tokens of the session that were issued before this must be introspected or refused.',
    format: 'date-time',
    example: '2026-01-31T12:00:00.000Z',
  })
  readonly at!: string;
}

/** What has become of sessions (contract.md §5). Times are ISO 8601 in UTC with milliseconds. */
export class RevocationsView {
  @ApiProperty({
    description: 'What `after` takes: the next response begins behind it.',
    example: 'q83vEjRWeJq8.1042',
  })
  readonly cursor!: string;

  @ApiProperty({
    description: 'Tokens that were issued before this are refused: the last restore. Null: all count.',
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
  })
  readonly notBefore!: string | null;

  @ApiProperty({ description: 'Sessions that have been revoked.', type: [RevokedView] })
  readonly revoked!: readonly RevokedView[];

  @ApiProperty({
    description: 'Sessions whose user has lost a role, a network or a device type.',
    type: [NarrowedView],
  })
  readonly narrowed!: readonly NarrowedView[];
}

/** Sorts entries into the two lists of {@link RevocationsView}. */
export function toLists(entries: readonly StoredRevocation[]): Pick<RevocationsView, 'revoked' | 'narrowed'> {
  const revoked: RevokedView[] = [];
  const narrowed: NarrowedView[] = [];
  for (const { sid, at, until } of entries) {
    if (at === null) revoked.push({ sid, until: until.toISOString() });
    else narrowed.push({ sid, at: at.toISOString() });
  }
  return { revoked, narrowed };
}
