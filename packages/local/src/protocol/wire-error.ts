import { CognitoServiceError } from '../errors.js';

/** Room for a message in a header; clients refuse headers of 16 KiB in all. */
const MAX_HEADER_MESSAGE = 1024;

/** A message is for a person; what the request made long is cut, so that no request makes a huge answer. */
const MAX_MESSAGE = 16_384;

export interface WireError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An error as AWS JSON 1.1 carries it. Every client error of Cognito is an HTTP 400. */
export function wireError(error: CognitoServiceError, status = 400): WireError {
  const { type } = error;
  const message = error.message.slice(0, MAX_MESSAGE);
  // The framework in front of Cognito, which reads the JSON, spells it with a capital letter.
  const key = type === 'SerializationException' ? 'Message' : 'message';
  return {
    status,
    headers: {
      'x-amzn-errortype': `${type}:`,
      ...(message === '' ? {} : { 'x-amzn-errormessage': headerText(message) }),
    },
    body: JSON.stringify(message === '' ? { __type: type } : { __type: type, [key]: message }),
  };
}

export function internalError(): WireError {
  return wireError(new CognitoServiceError('InternalErrorException', 'Internal server error'), 500);
}

/** What AWS answers to what is no API call at all. */
export const badRequestBody = JSON.stringify({
  code: 'BadRequest',
  message: 'The server did not understand the operation that was requested.',
  type: 'client',
});

function headerText(message: string): string {
  return message.slice(0, MAX_HEADER_MESSAGE).replace(/[^\x20-\x7e]/g, '?');
}
