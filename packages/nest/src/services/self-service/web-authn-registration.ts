/** As the W3C has it (Web Authentication, level 3): what a browser makes a passkey for. Bytes are base64url. */
export interface PublicKeyCredentialCreationOptionsJSON {
  rp: { name: string; id?: string };
  user: { id: string; name: string; displayName: string };
  challenge: string;
  pubKeyCredParams: { type: string; alg: number }[];
  timeout?: number;
  excludeCredentials?: { id: string; type: string; transports?: string[] }[];
  authenticatorSelection?: {
    authenticatorAttachment?: string;
    residentKey?: string;
    requireResidentKey?: boolean;
    userVerification?: string;
  };
  hints?: string[];
  attestation?: string;
  attestationFormats?: string[];
  extensions?: Record<string, unknown>;
}

/** As the W3C has it: what `PublicKeyCredential.toJSON()` gives after a registration. Bytes are base64url. */
export interface RegistrationResponseJSON {
  id: string;
  rawId: string;
  response: {
    clientDataJSON: string;
    attestationObject: string;
    authenticatorData?: string | undefined;
    transports?: string[] | undefined;
    publicKey?: string | undefined;
    publicKeyAlgorithm?: number | undefined;
  };
  authenticatorAttachment?: string | null | undefined;
  clientExtensionResults: object;
  type: string;
}
