import type { TimeUnitsType } from '@aws-sdk/client-cognito-identity-provider';
import type { UserPoolClientSettings } from '../../storage/user-pool-clients.js';

export const DEFAULT_REFRESH_TOKEN_VALIDITY_DAYS = 30;
const DEFAULT_TOKEN_VALIDITY_S = 3600;

const UNIT_S: Readonly<Record<TimeUnitsType, number>> = {
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
};

interface TokenLifetimes {
  readonly accessTokenS: number;
  readonly idTokenS: number;
  readonly refreshTokenS: number;
}

type Lifetimes = Pick<
  UserPoolClientSettings,
  'AccessTokenValidity' | 'IdTokenValidity' | 'RefreshTokenValidity' | 'TokenValidityUnits'
>;

/** How long the tokens of a client with these settings live. */
export function tokenLifetimes(settings: Lifetimes): TokenLifetimes {
  const units = settings.TokenValidityUnits ?? {};
  const short = (validity: number | undefined, unit: TimeUnitsType = 'hours') =>
    validity ? validity * UNIT_S[unit] : DEFAULT_TOKEN_VALIDITY_S;
  return {
    accessTokenS: short(settings.AccessTokenValidity, units.AccessToken),
    idTokenS: short(settings.IdTokenValidity, units.IdToken),
    refreshTokenS: settings.RefreshTokenValidity
      ? settings.RefreshTokenValidity * UNIT_S[units.RefreshToken ?? 'days']
      : DEFAULT_REFRESH_TOKEN_VALIDITY_DAYS * UNIT_S.days,
  };
}
