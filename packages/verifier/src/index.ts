export type {
  AccessTokenClaims,
  ClaimsFor,
  CognitoClaims,
  CommonClaims,
  IdTokenClaims,
  MachineTokenClaims,
  TokenUse,
} from './claims.js';
export { isMachine, userPoolIdOf } from './claims.js';
export { createVerifier } from './create-verifier.js';
export type { VerifierErrorCode, VerifierErrorDetails, VerifierErrorKind } from './errors.js';
export { VerifierError } from './errors.js';
export type {
  CacheOptions,
  ClaimsOf,
  FetchedResponse,
  FetchLike,
  FetchSignal,
  KeyOptions,
  PoolOptions,
  RememberedToken,
  RsaPublicJwk,
  TokenUseOption,
  UseOf,
  Verifier,
  VerifierOptions,
} from './options.js';
export type { NameRequirement, Requirements } from './requirements.js';
export type { RevocationList, RevocationOptions, Revocations } from './revocations.js';
export { createRevocations } from './revocations.js';
