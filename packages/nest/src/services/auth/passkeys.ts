/** As the W3C has it (Web Authentication, level 3): what a browser makes a signature for. Bytes are base64url. */
export interface PublicKeyCredentialRequestOptionsJSON {
  challenge: string;
  timeout?: number;
  rpId?: string;
  allowCredentials?: { id: string; type: string; transports?: string[] }[];
  userVerification?: string;
  hints?: string[];
  extensions?: Record<string, unknown>;
}

/** As the W3C has it: what `PublicKeyCredential.toJSON()` gives after a sign-in. Bytes are base64url. */
export interface AuthenticationResponseJSON {
  id: string;
  rawId: string;
  response: {
    clientDataJSON: string;
    authenticatorData: string;
    signature: string;
    userHandle?: string | undefined;
  };
  authenticatorAttachment?: string | undefined;
  clientExtensionResults: object;
  type: string;
}
