package io.flashsale.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The servers that ours is compared with: how they are found, prepared and started, as a shop would have them. */
enum ServerKind {
    MARIADB("MariaDB", "mariadb-server", "mariadbd", "ready for connections") {
        @Override
        List<String> preparation(Path data) {
            return List.of(
                    program("mariadb-install-db"),
                    "--no-defaults",
                    "--datadir=" + data,
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db");
        }

        @Override
        List<String> command(Path data, int port) {
            return List.of(
                    program("mariadbd"),
                    "--no-defaults",
                    "--datadir=" + data,
                    "--bind-address=127.0.0.1",
                    "--port=" + port,
                    "--socket=" + data.resolve("socket"),
                    // What is answered is on the disk.
                    "--innodb-flush-log-at-trx-commit=1",
                    "--innodb-buffer-pool-size=512M",
                    "--innodb-log-file-size=512M",
                    "--max-connections=300",
                    "--skip-log-bin");
        }
    },
    POSTGRESQL("PostgreSQL", "postgresql", "postgres", "ready to accept connections") {
        @Override
        List<String> preparation(Path data) {
            return List.of(
                    program("initdb"),
                    "-D",
                    data.toString(),
                    "--auth=trust",
                    "--username=root",
                    "--encoding=UTF8",
                    "--no-locale");
        }

        @Override
        List<String> command(Path data, int port) {
            return List.of(
                    program("postgres"),
                    "-D",
                    data.toString(),
                    "-p",
                    Integer.toString(port),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories=",
                    "-c",
                    "fsync=on",
                    "-c",
                    "synchronous_commit=on",
                    "-c",
                    "shared_buffers=512MB",
                    "-c",
                    "max_wal_size=4GB",
                    "-c",
                    "max_connections=300");
        }
    },
    REDIS_EVERYSEC("Redis, AOF everysec", "redis-server", "redis-server", "Ready to accept connections") {
        @Override
        List<String> command(Path data, int port) {
            return redis(data, port, "everysec");
        }
    },
    REDIS_ALWAYS("Redis, AOF always", "redis-server", "redis-server", "Ready to accept connections") {
        @Override
        List<String> command(Path data, int port) {
            return redis(data, port, "always");
        }
    };

    private final String label;
    private final String debianPackage;
    private final String program;
    private final String readyLine;

    ServerKind(String label, String debianPackage, String program, String readyLine) {
        this.label = label;
        this.debianPackage = debianPackage;
        this.program = program;
        this.readyLine = readyLine;
    }

    /** For a person. */
    String label() {
        return label;
    }

    /** As one writes it in a command. */
    String optionName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String readyLine() {
        return readyLine;
    }

    boolean isInstalled() {
        return Programs.find(program).isPresent();
    }

    /** What to say where it is not installed. */
    String missing() {
        return "%s is not installed, so it was left out; on Debian: apt-get install %s".formatted(label, debianPackage);
    }

    /** What makes the empty data directory one of this server; empty where the server does so itself. */
    List<String> preparation(Path data) {
        return List.of();
    }

    abstract List<String> command(Path data, int port);

    private static List<String> redis(Path data, int port, String appendFsync) {
        return List.of(
                program("redis-server"),
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--dir",
                data.toString(),
                "--appendonly",
                "yes",
                "--appendfsync",
                appendFsync,
                "--save",
                "");
    }

    private static String program(String name) {
        return Programs.find(name).map(Path::toString).orElse(name);
    }
}
