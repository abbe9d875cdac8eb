import type { Response } from 'express';

/** The gateway's own error codes and their statuses (posti.md 5.6). NOT_FOUND: 404 is observed, its code is not. */
const statusOf = {
  JSON_DECODE_ERROR: 400,
  VALIDATION_ERROR: 400,
  CLIENT_ERROR: 400,
  MISSING_HEADER: 400,
  UNAUTHORIZED: 401,
  EXPIRED: 401,
  INVALID_TOKEN: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  INTERNAL_SERVER_ERROR: 500,
} as const;

/** Refuses in the gateway's shape: errorCode, message and details are always all there (posti.md 5.6). */
export function gatewayError(
  res: Response,
  errorCode: keyof typeof statusOf,
  message: string,
  details: unknown = null,
): void {
  res.status(statusOf[errorCode]).json({ errorCode, message, details });
}

/** What stands before the demo gateway answers for a call without its secret (posti.md 4.6). */
export function cloudFrontRefusal(res: Response): void {
  res
    .status(403)
    .type('html')
    .send(
      '<!DOCTYPE HTML><HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD>' +
        '<BODY><H1>403 ERROR</H1><H2>The request could not be satisfied.</H2>Request blocked.</BODY></HTML>\n',
    );
}
