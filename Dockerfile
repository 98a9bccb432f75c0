# One image, several programs: the gateway by default, a service of the bookshop by another command.
#
#   docker build --tag tributary-gateway .
#   docker run --rm --publish 127.0.0.1:4001:4001 --env PORT=4001 tributary-gateway node dist/subgraphs/service.js catalog
#
# docker-compose.yml starts all of it. docs/how-to/deploy-with-docker.md explains both.

# Everything, to build. Install scripts stay off: no package needs one, and none of them may run here.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY schema schema
COPY gateway gateway
COPY subgraphs subgraphs
COPY web web
RUN npm run build

# What runs, and nothing else.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:24-slim
WORKDIR /app
# Inside a container the loopback address reaches nobody, so programs listen on all addresses of the container. What is
# published to the outside is decided by who runs it.
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
RUN mkdir /data && chown 1000:1000 /data
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/web/dist web/dist
COPY package.json LICENSE ./
COPY bin bin
COPY schema schema
COPY deploy/health-check.js deploy/tributary.docker.yaml deploy/
USER 1000
EXPOSE 4000
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=6 CMD ["node", "deploy/health-check.js"]
CMD ["node", "bin/tributary.js", "serve", "--config", "deploy/tributary.docker.yaml"]
