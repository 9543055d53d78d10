package io.flashsale.local;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@code up}.
 *
 * @param data empty means the default of the project
 * @param kafka bootstrap servers of an existing cluster; empty means a broker of our own
 */
record UpOptions(
        int port, Optional<Path> data, boolean fresh, int inventory, int orders, int ingress, Optional<String> kafka) {

    static final int DEFAULT_PORT = 8080;

    /** As many as there are partitions: one more would have nothing to do. */
    static final int MAX_INSTANCES = 12;

    private static final Pattern HOST_PORT_LIST =
            Pattern.compile("[A-Za-z0-9._\\[\\]:-]+:[0-9]{1,5}(,[A-Za-z0-9._\\[\\]:-]+:[0-9]{1,5})*");

    static UpOptions parse(List<String> arguments) throws UsageException {
        Parser parser = new Parser(arguments.iterator());
        while (parser.next()) {
            parser.take();
        }
        return parser.result();
    }

    /** Reads one option after the other, {@code --name value} or {@code --name=value}. */
    private static final class Parser {

        private final Iterator<String> arguments;
        private String name = "";
        private @Nullable String attached;

        private int port = DEFAULT_PORT;
        private Optional<Path> data = Optional.empty();
        private boolean fresh;
        private int inventory = 1;
        private int orders = 1;
        private int ingress = 1;
        private Optional<String> kafka = Optional.empty();

        private Parser(Iterator<String> arguments) {
            this.arguments = arguments;
        }

        boolean next() {
            if (!arguments.hasNext()) {
                return false;
            }
            String argument = arguments.next();
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            name = equals < 0 ? argument : argument.substring(0, equals);
            attached = equals < 0 ? null : argument.substring(equals + 1);
            return true;
        }

        void take() throws UsageException {
            switch (name) {
                case "--port" -> port = number(1, Ports.MAX_PORT);
                case "--data" -> data = Optional.of(path());
                case "--fresh" -> fresh = flag();
                case "--inventory" -> inventory = number(1, MAX_INSTANCES);
                case "--orders" -> orders = number(1, MAX_INSTANCES);
                case "--ingress" -> ingress = number(1, MAX_INSTANCES);
                case "--kafka" -> kafka = Optional.of(hostsAndPorts());
                // For the script, which decides about building.
                case "--no-build" -> flag();
                default -> throw new UsageException("There is no option " + name);
            }
        }

        UpOptions result() throws UsageException {
            if (port + ingress - 1 > Ports.MAX_PORT) {
                throw new UsageException("--port " + port + " leaves no room for " + ingress + " ingress instances");
            }
            return new UpOptions(port, data, fresh, inventory, orders, ingress, kafka);
        }

        private boolean flag() throws UsageException {
            if (attached != null) {
                throw new UsageException(name + " takes no value");
            }
            return true;
        }

        private String value() throws UsageException {
            String value = attached != null ? attached : arguments.hasNext() ? arguments.next() : "";
            if (value.isBlank() || (attached == null && value.startsWith("--"))) {
                throw new UsageException(name + " needs a value");
            }
            return value;
        }

        private int number(int min, int max) throws UsageException {
            String value = value();
            int number = value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : -1;
            if (number < min || number > max) {
                throw new UsageException(
                        name + " must be a whole number from " + min + " to " + max + ", not " + value);
            }
            return number;
        }

        private Path path() throws UsageException {
            String value = value();
            try {
                return Path.of(value);
            } catch (InvalidPathException invalid) {
                throw new UsageException(name + " must be a directory, not " + value);
            }
        }

        private String hostsAndPorts() throws UsageException {
            String value = value();
            if (!HOST_PORT_LIST.matcher(value).matches()) {
                throw new UsageException(name + " must be HOST:PORT, several separated by commas, not " + value);
            }
            return value;
        }
    }
}
