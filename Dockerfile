# One image for each service, and one with the commands of ./flashsale:
#   docker build --target service --build-arg MODULE=ingress-api -t flashsale/ingress-api .
#   docker build --target tools -t flashsale/tools .
ARG MAVEN_IMAGE=maven:3.9-eclipse-temurin-25
ARG JRE_IMAGE=eclipse-temurin:25-jre

FROM ${MAVEN_IMAGE} AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -q -DskipTests -Dspotless.check.skip=true -pl ingress-api,inventory-streams,order-streams,local -am package

FROM ${JRE_IMAGE} AS extract
ARG MODULE
WORKDIR /extract
COPY --from=build /src/${MODULE}/target/${MODULE}-exec.jar app.jar
RUN java -Djarmode=tools -jar app.jar extract --layers --destination layers

FROM ${JRE_IMAGE} AS base
RUN groupadd --gid 10001 flashsale && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin flashsale
WORKDIR /app

FROM base AS service
# Made here, so that a new volume in its place belongs to the user.
RUN install -d -o flashsale -g flashsale /var/lib/flashsale
COPY --chmod=755 ops/docker/healthcheck /usr/local/bin/healthcheck
# What changes least comes first: a new version of the code is one small layer.
COPY --from=extract /extract/layers/dependencies/ ./
COPY --from=extract /extract/layers/snapshot-dependencies/ ./
COPY --from=extract /extract/layers/application/ ./
# What the JVM learns in one start, up to the point where it would speak to somebody, every later one knows: it costs a
# third of the processor time. The profile is for its secrets, which this start needs and forgets.
RUN SPRING_PROFILES_ACTIVE=local java -XX:AOTCacheOutput=app.aot -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
        --sun-misc-unsafe-memory-access=allow -Dspring.context.exit=onRefresh -jar app.jar \
    && test -s app.aot && rm -rf /tmp/*
# The same ports in all of them. Secrets and passwords are files there, each named as its property.
ENV SERVER_PORT=8080 \
    MANAGEMENT_SERVER_PORT=9090 \
    MANAGEMENT_SERVER_ADDRESS=0.0.0.0 \
    FLASHSALE_STATE_DIR=/var/lib/flashsale \
    SPRING_CONFIG_IMPORT=optional:configtree:/run/secrets/ \
    # Few arenas: with one for each thread glibc keeps much of what RocksDB has freed.
    MALLOC_ARENA_MAX=2
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=300s --retries=6 CMD ["healthcheck"]
# A share of the container's memory is heap; RocksDB (256 MB), threads and code need the rest. More options: JDK_JAVA_OPTIONS.
# A process without memory would live on without the threads that failed, and answer nobody ever again.
ENTRYPOINT ["java", "-XX:AOTCache=app.aot", "-XX:MaxRAMPercentage=40", "-XX:+ExitOnOutOfMemoryError", \
    "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-jar", "app.jar"]

FROM base AS tools
COPY --from=build /src/local/target/lib/ lib/
COPY --from=build /src/local/target/classes/ classes/
USER 10001:10001
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", \
    "--sun-misc-unsafe-memory-access=allow", "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", \
    "-cp", "/app/classes:/app/lib/*", "io.flashsale.local.Main"]
CMD ["help"]
