# The server in a container. docs/operations.md describes how to run it.
FROM eclipse-temurin:25-jdk-noble AS build
WORKDIR /src
COPY . .
# A Java runtime with only the needed modules. The Vector API is an incubator module and must be named.
RUN --mount=type=cache,target=/tmp/repository \
    ./mvnw -B -q -pl cli -am -Dmaven.repo.local=/tmp/repository -Dttt4rec.fast -Dmaven.test.skip=true clean package \
    && "$JAVA_HOME/bin/jlink" \
        --add-modules java.se,jdk.incubator.vector,jdk.jcmd,jdk.jfr,jdk.management,jdk.unsupported,jdk.zipfs \
        --strip-java-debug-attributes --no-header-files --no-man-pages --output /opt/runtime

FROM ubuntu:24.04
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/ttt4rec --shell /usr/sbin/nologin ttt4rec
COPY --from=build /opt/runtime /opt/java
COPY --from=build /src/cli/target/lib /opt/ttt4rec/lib
ENV LC_ALL=C.UTF-8
USER ttt4rec
VOLUME /var/lib/ttt4rec
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/health/ready"]
# Set additional JVM options in JDK_JAVA_OPTIONS.
ENTRYPOINT ["/opt/java/bin/java", "-XX:+UseG1GC", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", \
    "-jar", "/opt/ttt4rec/lib/ttt4rec.jar"]
# Arguments after the image's name replace all of these. On addresses other than loopback the server requires tokens.
CMD ["serve", "--model", "/models/current", "--state", "/var/lib/ttt4rec/state.db", \
    "--host", "0.0.0.0", "--token-file", "/run/secrets/ttt4rec-tokens"]
