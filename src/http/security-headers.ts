import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Of every answer to a person or program: nothing in it is ever run, framed or guessed. A page says for itself what it needs. */
export const securityHeaders = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    xFrameOptions: { action: 'deny' },
  });
