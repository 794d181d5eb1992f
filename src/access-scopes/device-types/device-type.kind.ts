import { Action } from '../../authorization/action.js';
import { errors } from '../../errors/errors.js';
import type { ScopeKind } from '../scope-kind.js';
import { DeviceType, UserDeviceType } from './device-type.entity.js';

/** What a device type is as an access scope. */
export const DEVICE_TYPE: ScopeKind<DeviceType> = {
  label: 'Device type',
  path: 'devicetype',
  id: 'DeviceType',
  entity: DeviceType,
  assignment: UserDeviceType,
  actions: { read: Action.GetDeviceType, manage: Action.ManageDeviceType },
  claim: 'deviceTypes',
  reachesAll: ({ allDeviceTypesAvailable }) => allDeviceTypesAvailable,
  notAssigned: errors.deviceTypeNotAssigned,
};
