/** What a column holds, in whatever database; `?`: or null. */
export type ColumnType = 'integer' | 'text' | 'text?' | 'integer?' | 'boolean';

/** A table that is backed up. */
export interface Table {
  readonly name: string;
  /** The columns of the primary key, by which it is walked through. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnType>>;
}

/** Whether a table gives its rows ids, which it never gives twice. */
export const givesIds = ({ key: [first] }: Table): boolean => first === 'id';

/**
 * Every table but the decoys of sign-ins, which are the same in every database, and the note of migrations, which the
 * header has. In an order in which rows can be inserted: what is referred to comes first.
 */
export const TABLES: readonly Table[] = [
  {
    name: 'users',
    key: ['id'],
    columns: {
      id: 'integer',
      login: 'text',
      login_key: 'text',
      password_hash: 'text',
      role: 'integer',
      status: 'integer',
      data: 'text?',
      intro_reviewed: 'boolean',
      all_device_types_available: 'boolean',
      last_login: 'integer?',
      login_attempts: 'integer',
      blocked_until: 'integer?',
      guessed_at: 'integer?',
      token_generation: 'integer',
      version: 'integer',
    },
  },
  {
    name: 'networks',
    key: ['id'],
    columns: { id: 'integer', name: 'text', name_key: 'text', description: 'text?' },
  },
  {
    name: 'user_networks',
    key: ['user_id', 'network_id'],
    columns: { user_id: 'integer', network_id: 'integer' },
  },
  {
    name: 'device_types',
    key: ['id'],
    columns: { id: 'integer', name: 'text', name_key: 'text', description: 'text?' },
  },
  {
    name: 'user_device_types',
    key: ['user_id', 'device_type_id'],
    columns: { user_id: 'integer', device_type_id: 'integer' },
  },
  {
    name: 'configuration',
    key: ['name'],
    columns: { name: 'text', value: 'text', entity_version: 'integer' },
  },
  {
    name: 'signing_keys',
    key: ['kid'],
    columns: { kid: 'text', public_jwk: 'text', private_key: 'text', created_at: 'integer' },
  },
  {
    name: 'audit_records',
    key: ['id'],
    columns: {
      id: 'integer',
      at: 'integer',
      actor_id: 'integer?',
      action: 'text',
      subject: 'text',
      fields: 'text',
    },
  },
];
