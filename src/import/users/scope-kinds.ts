import { DeviceType, UserDeviceType } from '../../access-scopes/device-types/device-type.entity.js';
import { Network, UserNetwork } from '../../access-scopes/networks/network.entity.js';

/** The kinds of access scopes that a row may assign, by the field that lists their ids. */
export const SCOPE_KINDS = {
  networkIds: { scope: Network, assignment: UserNetwork, label: 'network' },
  deviceTypeIds: { scope: DeviceType, assignment: UserDeviceType, label: 'device type' },
} as const;

/** The fields that list ids of scopes. */
export const SCOPE_FIELDS = [
  'networkIds',
  'deviceTypeIds',
] as const satisfies readonly (keyof typeof SCOPE_KINDS)[];
