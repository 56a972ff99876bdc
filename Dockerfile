# One image for all parts: the command chooses (workers/api.js, workers/worker.js, workers/migrate.js).
# glibc, not Alpine: the Temporal SDK's native core has no musl build.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Not `npm ci`: it rejects a lock file without the optional packages of other platforms.
RUN npm install --no-audit --no-fund --no-save
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
RUN mkdir /data && chown node:node /data
ENV DATA_DIR=/data
VOLUME /data
USER node
# The admin port (3002) listens on the loopback address, where health checks run; ADMIN_HOST opens it to an orchestrator.
EXPOSE 3000 3001
CMD ["node", "--enable-source-maps", "--max-old-space-size=400", "dist/workers/api.js"]
