# Image of the service. Build: docker build -t hivegate .
#
# A tag can move to another image. For a build that can be repeated, name the image by its digest as well:
#   docker buildx imagetools inspect --format '{{.Manifest.Digest}}' node:26-slim
#   docker build --build-arg NODE_IMAGE=node:26-slim@sha256:<digest> -t hivegate .
ARG NODE_IMAGE=node:26-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.mjs scripts/
COPY src src
RUN node scripts/build.mjs

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# The native packages contain a binary for Linux on x64 and arm64. Elsewhere this step fails: add a compiler, and
# `npm rebuild bcrypt better-sqlite3` after `npm ci`.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && \
  node -e "require('bcrypt').hashSync('', 4); require('@node-rs/argon2'); new (require('better-sqlite3'))(':memory:').close()"

FROM ${NODE_IMAGE}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Hivegate" \
  org.opencontainers.image.description="A self-hosted service for users, roles and tokens that speaks DeviceHive's user and auth API" \
  org.opencontainers.image.source="https://github.com/hivegate/hivegate" \
  org.opencontainers.image.documentation="https://github.com/hivegate/hivegate#readme" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
# From here the default of DATABASE_URL, sqlite:./data/users.sqlite, is in /data. It is not set, so that DATABASE_URL_FILE can be.
WORKDIR /
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
COPY package.json LICENSE app/
COPY ops/docker/health.mjs app/
COPY --from=dependencies /app/node_modules app/node_modules
COPY --from=build /app/dist app/dist
# The code belongs to root. The service can write to /data alone.
RUN mkdir /data && chown 1000:1000 /data && ln -s /app/dist/main.js /usr/local/bin/hivegate
# The user `node` of the image. By number: Kubernetes cannot tell that a name is not root.
USER 1000:1000
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --start-interval=2s CMD ["node", "/app/health.mjs"]
# Not `npm start`: it would build first. The service handles signals itself and starts no other process: it needs no init.
CMD ["node", "--enable-source-maps", "/app/dist/main.js"]
