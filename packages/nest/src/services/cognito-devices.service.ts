import {
  AdminForgetDeviceCommand,
  type AdminForgetDeviceCommandInput,
  AdminGetDeviceCommand,
  type AdminGetDeviceCommandInput,
  AdminListDevicesCommand,
  type AdminListDevicesCommandInput,
  AdminUpdateDeviceStatusCommand,
  type AdminUpdateDeviceStatusCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import { Inject, Injectable } from '@nestjs/common';
import type { Input } from './casing.js';
import { CognitoApi } from './cognito-api.js';
import { type Device, type DevicePage, readDevice, readDevices } from './device.js';
import { iteratePages, pageOf } from './paging.js';

type Filled = 'UserPoolId';

export type AdminGetDeviceInput = Input<AdminGetDeviceCommandInput, Filled>;
export type AdminListDevicesInput = Input<AdminListDevicesCommandInput, Filled>;
export type AdminUpdateDeviceStatusInput = Input<AdminUpdateDeviceStatusCommandInput, Filled>;
export type AdminForgetDeviceInput = Input<AdminForgetDeviceCommandInput, Filled>;

/**
 * What an administrator does with the devices of users, in a pool that keeps track of them. The pool's id is filled in.
 * Every call is signed with AWS credentials, from the SDK's own provider chain. What a user does with their own devices
 * is on `CognitoAuthService`.
 *
 * Every method throws the SDK's exceptions as they come, and {@link CognestError} `cognito_timeout`,
 * `cognito_unreachable` or `cognito_response_invalid` when Cognito does not answer.
 */
@Injectable()
export class CognitoDevicesService {
  readonly #api: CognitoApi;

  constructor(@Inject(CognitoApi) api: CognitoApi) {
    this.#api = api;
  }

  /**
   * A device of a user (`AdminGetDevice`).
   *
   * @example `const { deviceAttributes } = await devices.get({ username: 'ada', deviceKey })`
   * @throws `ResourceNotFoundException` (no such device), `UserNotFoundException`, `InvalidParameterException` (the
   *   pool keeps no track of devices).
   */
  async get(input: AdminGetDeviceInput): Promise<Device> {
    const { device } = await this.#api.run(AdminGetDeviceCommand, 'AdminGetDevice', input, this.#api.inPool);
    return readDevice(device, 'AdminGetDevice');
  }

  /**
   * One page of a user's devices, up to 60 of them (`AdminListDevices`).
   *
   * @example `const { devices: first } = await devices.list({ username: 'ada', limit: 10 })`
   * @throws `UserNotFoundException`, `InvalidParameterException` (bad `paginationToken`; the pool keeps no track of
   *   devices).
   */
  async list(input: AdminListDevicesInput): Promise<DevicePage> {
    const operation = 'AdminListDevices';
    const output = await this.#api.run(AdminListDevicesCommand, operation, input, this.#api.inPool);
    return readDevices(output, operation);
  }

  /**
   * All of a user's devices, page by page as they are asked for (`AdminListDevices`).
   *
   * @example `for await (const { deviceKey } of devices.iterate({ username: 'ada' })) { … }`
   * @param input - `limit` is the size of a page.
   * @throws as {@link list}.
   */
  iterate(input: Omit<AdminListDevicesInput, 'paginationToken'>): AsyncGenerator<Device, void, undefined> {
    return iteratePages(async (paginationToken) => {
      const page = await this.list(pageOf(input, { paginationToken }));
      return { items: page.devices, nextToken: page.paginationToken };
    });
  }

  /**
   * Remembers a device, which may then stand for the second factor, or no longer (`AdminUpdateDeviceStatus`).
   *
   * @example `await devices.updateStatus({ username: 'ada', deviceKey, deviceRememberedStatus: 'not_remembered' })`
   * @throws `ResourceNotFoundException` (no such device), `UserNotFoundException`, `InvalidParameterException` (the
   *   pool keeps no track of devices).
   */
  async updateStatus(input: AdminUpdateDeviceStatusInput): Promise<void> {
    await this.#api.run(AdminUpdateDeviceStatusCommand, 'AdminUpdateDeviceStatus', input, this.#api.inPool);
  }

  /**
   * Forgets a device, whose refresh tokens are of no more use (`AdminForgetDevice`).
   *
   * @example `await devices.forget({ username: 'ada', deviceKey })`
   * @throws `ResourceNotFoundException` (no such device), `UserNotFoundException`, `InvalidParameterException` (the
   *   pool keeps no track of devices).
   */
  async forget(input: AdminForgetDeviceInput): Promise<void> {
    await this.#api.run(AdminForgetDeviceCommand, 'AdminForgetDevice', input, this.#api.inPool);
  }
}
