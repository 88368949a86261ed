import {
  ForgetDeviceCommand,
  type ForgetDeviceCommandInput,
  GetDeviceCommand,
  type GetDeviceCommandInput,
  ListDevicesCommand,
  type ListDevicesCommandInput,
  UpdateDeviceStatusCommand,
  type UpdateDeviceStatusCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Input } from '../casing.js';
import { type Device, type DevicePage, readDevice, readDevices } from '../device.js';
import { iteratePages, pageOf } from '../paging.js';
import { OwnFactors } from './own-factors.js';

/** The API lets requests go without a token, and then refuses them. */
type WithToken = { accessToken: string };

export type GetDeviceInput = Input<GetDeviceCommandInput, 'AccessToken'> & WithToken;
export type ListDevicesInput = Input<ListDevicesCommandInput>;
export type UpdateDeviceStatusInput = Input<UpdateDeviceStatusCommandInput>;
export type ForgetDeviceInput = Input<ForgetDeviceCommandInput, 'AccessToken'> & WithToken;

/** What users do with their own devices, in a pool that keeps track of them. */
export abstract class OwnDevices extends OwnFactors {
  /**
   * A device of the user whose access token it is (`GetDevice`).
   *
   * @example `const { deviceLastAuthenticatedDate } = await auth.getDevice({ accessToken, deviceKey })`
   * @throws `NotAuthorizedException` (unusable token), `ResourceNotFoundException` (no such device),
   *   `InvalidParameterException` (the pool keeps no track of devices).
   */
  async getDevice(input: GetDeviceInput): Promise<Device> {
    const { device } = await this.api.run(GetDeviceCommand, 'GetDevice', input, {});
    return readDevice(device, 'GetDevice');
  }

  /**
   * One page of the devices of the user whose access token it is, up to 60 of them (`ListDevices`).
   *
   * @example `const { devices, paginationToken } = await auth.listDevices({ accessToken, limit: 10 })`
   * @throws `NotAuthorizedException` (unusable token), `InvalidParameterException` (bad `paginationToken`; the pool keeps
   *   no track of devices).
   */
  async listDevices(input: ListDevicesInput): Promise<DevicePage> {
    return readDevices(await this.api.run(ListDevicesCommand, 'ListDevices', input, {}), 'ListDevices');
  }

  /**
   * All devices of the user whose access token it is, page by page as they are asked for (`ListDevices`).
   *
   * @example `for await (const { deviceKey } of auth.iterateDevices({ accessToken })) { … }`
   * @param input - `limit` is the size of a page.
   * @throws as {@link listDevices}.
   */
  iterateDevices(input: Omit<ListDevicesInput, 'paginationToken'>): AsyncGenerator<Device, void, undefined> {
    return iteratePages(async (paginationToken) => {
      const page = await this.listDevices(pageOf(input, { paginationToken }));
      return { items: page.devices, nextToken: page.paginationToken };
    });
  }

  /**
   * Remembers a device, which may then stand for the second factor, or no longer (`UpdateDeviceStatus`).
   *
   * @example `await auth.updateDeviceStatus({ accessToken, deviceKey, deviceRememberedStatus: 'remembered' })`
   * @throws `NotAuthorizedException` (unusable token), `ResourceNotFoundException` (no such device),
   *   `InvalidParameterException` (the pool keeps no track of devices).
   */
  async updateDeviceStatus(input: UpdateDeviceStatusInput): Promise<void> {
    await this.api.run(UpdateDeviceStatusCommand, 'UpdateDeviceStatus', input, {});
  }

  /**
   * Forgets a device (`ForgetDevice`).
   *
   * @example `await auth.forgetDevice({ accessToken, deviceKey })`
   * @throws `NotAuthorizedException` (unusable token), `ResourceNotFoundException` (no such device),
   *   `InvalidParameterException` (the pool keeps no track of devices).
   */
  async forgetDevice(input: ForgetDeviceInput): Promise<void> {
    await this.api.run(ForgetDeviceCommand, 'ForgetDevice', input, {});
  }
}
