/** Who set a message off; the trigger sources of Cognito's CustomMessage event. */
export type MessageTrigger =
  | 'CustomMessage_SignUp'
  | 'CustomMessage_AdminCreateUser'
  | 'CustomMessage_ResendCode'
  | 'CustomMessage_ForgotPassword'
  | 'CustomMessage_UpdateUserAttribute'
  | 'CustomMessage_VerifyUserAttribute'
  | 'CustomMessage_Authentication';

/** A code or an invitation that AWS would have sent by e-mail or SMS. */
export interface OutgoingMessage {
  readonly userPoolId: string;
  readonly username: string;
  /** The address or phone number in clear: nobody else is going to deliver it. */
  readonly destination: string;
  readonly medium: 'EMAIL' | 'SMS';
  readonly trigger: MessageTrigger;
  /** The confirmation code, or the temporary password of an invitation. */
  readonly code: string;
  /** The rendered template. Subject only for e-mail. */
  readonly subject?: string;
  readonly body: string;
  /** ISO 8601. */
  readonly sentAt: string;
}

/** Where messages go instead of to people. */
export interface Outbox {
  deliver(message: OutgoingMessage): void;
}
