# The command line in a container: `docker build -t model-reference-sync .`
#
# STEP TO DO: pin the base image to what you have looked at. The digest of today's is told by
#   docker buildx imagetools inspect node:24-slim
# Put it behind the name here (node:24-slim@sha256:…), or give it to a build: --build-arg NODE_IMAGE=node:24-slim@sha256:…
ARG NODE_IMAGE=node:24-slim
FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# The bundler is all that is needed of them, and it has no use for install scripts.
RUN npm ci --ignore-scripts
COPY scripts/build-cli.mjs scripts/
COPY src src
RUN node scripts/build-cli.mjs

FROM ${NODE_IMAGE}
# `node` is the user of the official image, with the id 1000.
RUN install -d -o node -g node /data
COPY --from=build /build/dist/cli/model-reference-sync.cjs /app/model-reference-sync.cjs
COPY LICENSE /app/
ENV NODE_ENV=production HORDE_GITHUB_SYNC_STATE_FILE=/data/state.json
USER node
WORKDIR /data
VOLUME /data
# The two dashes keep Node from taking `--env-file` for its own option.
ENTRYPOINT ["node", "--", "/app/model-reference-sync.cjs"]
CMD ["--watch", "--watch-startup-sync"]
