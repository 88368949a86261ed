import type { LambdaConfigType } from '@aws-sdk/client-cognito-identity-provider';
import { invalidParameter, notSupportedYet } from '../faults.js';
import { featureNotInTier } from './faults.js';
import type { PoolRequest } from './pool-request.js';

/** @throws CognitoServiceError where AWS answers with one. */
export function checkLambdaConfig(operation: string, request: PoolRequest): void {
  const config = request.LambdaConfig ?? {};
  // There is no federation here that it could run in.
  if ('InboundFederation' in config) throw notSupportedYet(operation, 'LambdaConfig.InboundFederation');
  if ((config.CustomEmailSender || config.CustomSMSSender) && config.KMSKeyID === undefined) {
    throw invalidParameter('KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.');
  }
  const versioned = config.PreTokenGenerationConfig;
  if (versioned && config.PreTokenGeneration && versioned.LambdaArn !== config.PreTokenGeneration) {
    throw invalidParameter(
      "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's",
    );
  }
  const version = versioned?.LambdaVersion;
  if (request.UserPoolTier === 'LITE' && version !== undefined && version !== 'V1_0') {
    throw featureNotInTier('LITE', `Token Customization with Pre-Token Generation Lambda ${version}`);
  }
}

/** As kept and answered: the two ways to name the function of PreTokenGeneration come together. */
export function lambdaConfigOf(config: LambdaConfigType = {}): LambdaConfigType {
  const arn = config.PreTokenGenerationConfig?.LambdaArn ?? config.PreTokenGeneration;
  if (arn === undefined) return config;
  return {
    ...config,
    PreTokenGeneration: arn,
    PreTokenGenerationConfig: config.PreTokenGenerationConfig ?? { LambdaVersion: 'V1_0', LambdaArn: arn },
  };
}
