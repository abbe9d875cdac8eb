import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { type Router } from 'express';
import helmet from 'helmet';

/** What the page is made of, from the package on this machine: nothing is loaded from elsewhere. */
const files = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;

/** `/api/v1/docs`: a page to read the document and to try the API with a token of one's own. */
export function docsPage(): Router {
  const root = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const router = express.Router();
  router.use(pageSecurity);
  router.get('/', (req, res) => {
    // Its files are named beside it, for which its own path has to end with a slash.
    if (!req.originalUrl.split('?')[0]?.endsWith('/')) return res.redirect(308, `${req.baseUrl}/`);
    res.type('html').send(page);
  });
  router.get('/start.js', (_req, res) => void res.type('text/javascript').send(start));
  for (const file of files) router.get(`/${file}`, (_req, res) => res.sendFile(file, { root, cacheControl: false }));
  return router;
}

/** Swagger UI sets styles on elements and draws its icons from data: addresses; scripts come from here alone. */
const pageSecurity = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
});

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Lähetti API</title>
    <link rel="stylesheet" href="swagger-ui.css" />
    <link rel="icon" href="favicon-32x32.png" />
  </head>
  <body>
    <div id="page"></div>
    <script src="swagger-ui-bundle.js"></script>
    <script src="start.js"></script>
  </body>
</html>
`;

/** The token stays in the page's memory: it is gone with the tab. */
const start = `SwaggerUIBundle({
  url: '../openapi.json',
  dom_id: '#page',
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
});
`;
