FROM node:22-slim

# Temporal's native client reads the system's certificates.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /app
# Else the loader keeps a cache in the temporary folder.
ENV TSX_DISABLE_CACHE=1
COPY .npmrc package.json package-lock.json ./
RUN npm ci --omit=dev
COPY activities activities
COPY client client
COPY worker worker
COPY workflows workflows

USER node
# Not by npm: the worker itself must get SIGTERM, to drain.
CMD ["node", "--import", "tsx", "worker/main.ts"]
