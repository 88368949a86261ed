import type { UserPoolRecord } from '../../storage/user-pools.js';
import type { Attributes } from '../users/attributes.js';

/** Whether a user with these attributes could sign in with codes alone, once they are verified. */
export function mayDoWithoutPassword({ settings }: UserPoolRecord, attributes: Attributes): boolean {
  const factors = settings.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? [];
  return (
    (factors.includes('EMAIL_OTP') && Boolean(attributes['email'])) ||
    (factors.includes('SMS_OTP') && Boolean(attributes['phone_number']))
  );
}

/** Whether a user with these attributes can sign in with codes alone, as they are. */
export function canDoWithoutPassword(pool: UserPoolRecord, attributes: Attributes): boolean {
  const { email, phone_number } = attributes;
  return mayDoWithoutPassword(pool, {
    ...(email && attributes['email_verified'] === 'true' && { email }),
    ...(phone_number && attributes['phone_number_verified'] === 'true' && { phone_number }),
  });
}
