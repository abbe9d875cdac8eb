# syntax=docker/dockerfile:1
# One image for API, workers, migrations and command line (target `application`, the last), and one for the stand-ins
# (target `sandbox`). Debian and not Alpine: the Temporal SDK's native part is published for glibc and not for musl.
ARG NODE_IMAGE=node:24.11.1-bookworm-slim
# What the application runs on, of the same Debian: Node's own image holds npm, yarn and headers as well, about 80 MB.
ARG RUNTIME_IMAGE=debian:12.12-slim

FROM ${NODE_IMAGE} AS node

FROM node AS manifest
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

# --- everything, to compile with ---------------------------------------------------------------------------------------
FROM manifest AS all-dependencies
RUN npm ci --no-audit

FROM all-dependencies AS build
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/ scripts/
COPY harness/ harness/
COPY activities/ activities/
COPY workflows/ workflows/
COPY src/ src/
RUN npm run build && chmod -R a+rX dist

# --- only what runs, only for this platform ------------------------------------------------------------------------------
FROM manifest AS production-dependencies
RUN npm ci --omit=dev --no-audit
COPY --from=build /app/dist/scripts/image/keep-what-runs.js scripts/image/
RUN node scripts/image/keep-what-runs.js node_modules

# --- the stand-ins, for trying it out: from the sources, with the libraries that draw labels -----------------------------
FROM all-dependencies AS sandbox
COPY --from=build /app/dist/scripts/image/healthcheck.js scripts/image/
# The modes are set, so that a checkout which others may not read (umask 077) makes an image that its user can read.
COPY --chmod=0755 tsconfig.json ./
COPY --chmod=0755 sandbox/ sandbox/
ENV SANDBOX_HOST=0.0.0.0 SANDBOX_BIGCOMMERCE_PORT=4010 SANDBOX_POSTI_PORT=4020 SANDBOX_STATE_DIR=/state
# A volume that is made from it belongs to its user.
RUN mkdir /state && chown node:node /state
EXPOSE 4010 4020
USER node
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["node", "scripts/image/healthcheck.js", "http://127.0.0.1:4010/"]
CMD ["node", "--import", "tsx", "sandbox/main.ts"]

# --- the application -----------------------------------------------------------------------------------------------------
FROM ${RUNTIME_IMAGE} AS application
# Certificates for Temporal Cloud: its client takes the system's. Node brings its own.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --create-home node
COPY --from=node /usr/local/bin/node /usr/local/bin/
WORKDIR /app
COPY --from=production-dependencies /app/node_modules/ node_modules/
COPY --from=build /app/dist/ dist/
COPY --chmod=0644 package.json LICENSE ./
COPY --chmod=0644 deploy/image/entrypoint.sh deploy/image/
# Read-only while it runs: the workflow bundle was built above, and nothing is embedded in production.
ENV NODE_ENV=production \
    HTTP_HOST=0.0.0.0 \
    HTTP_PORT=8080 \
    LAHETTI_METRICS_HOST=0.0.0.0 \
    LAHETTI_METRICS_PORT=9464 \
    LAHETTI_WORKFLOW_BUNDLE=/app/dist/workflow-bundle.js
EXPOSE 8080 9464
USER node
# Of the API. A worker's is at its metrics port (docker-compose.yml).
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "dist/scripts/image/healthcheck.js", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["sh", "/app/deploy/image/entrypoint.sh"]
CMD ["node", "dist/src/main/api.js"]
