package io.flashsale.local;

import io.flashsale.contracts.KafkaCluster;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the arguments of a sub-command one after the other; options are {@code --name value} or {@code --name=value}.
 * {@link #next()} goes to the next argument; the other methods take what stands there.
 */
public final class OptionParser {

    private static final Pattern HOST_PORT_LIST =
            Pattern.compile("[A-Za-z0-9._\\[\\]:-]+:[0-9]{1,5}(,[A-Za-z0-9._\\[\\]:-]+:[0-9]{1,5})*");

    private final Iterator<String> arguments;
    private String name = "";
    private @Nullable String attached;

    public OptionParser(List<String> arguments) {
        this.arguments = arguments.iterator();
    }

    /** Goes to the next argument, if there is one. */
    public boolean next() {
        if (!arguments.hasNext()) {
            return false;
        }
        String argument = arguments.next();
        int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
        name = equals < 0 ? argument : argument.substring(0, equals);
        attached = equals < 0 ? null : argument.substring(equals + 1);
        return true;
    }

    /** The option's name with its dashes, or a word that is no option. */
    public String name() {
        return name;
    }

    /** What to throw where this option, or word, is none that is known. */
    public UsageException unknown() {
        return new UsageException("There is no option " + name);
    }

    /** An option without a value: always true. */
    public boolean flag() throws UsageException {
        if (attached != null) {
            throw new UsageException(name + " takes no value");
        }
        return true;
    }

    /** The option's value, which is not blank. */
    public String value() throws UsageException {
        String value = attached != null ? attached : arguments.hasNext() ? arguments.next() : "";
        if (value.isBlank() || (attached == null && value.startsWith("--"))) {
            throw new UsageException(name + " needs a value");
        }
        return value;
    }

    /** A whole number in these bounds, which are included; none is negative. */
    public int number(int min, int max) throws UsageException {
        String value = value();
        int number = value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : -1;
        if (number < min || number > max) {
            throw new UsageException(name + " must be a whole number from " + min + " to " + max + ", not " + value);
        }
        return number;
    }

    /**
     * A path.
     *
     * @param what it shall be, for the sentence if it cannot be one: "a file"
     */
    public Path path(String what) throws UsageException {
        String value = value();
        try {
            return Path.of(value);
        } catch (InvalidPathException invalid) {
            throw new UsageException(name + " must be " + what + ", not " + value);
        }
    }

    /** Settings of Kafka clients in a file like those that Kafka's own tools take. */
    public Map<String, String> kafkaSecurity() throws UsageException {
        Path file = path("a file");
        Properties settings = new Properties();
        try (Reader text = Files.newBufferedReader(file)) {
            settings.load(text);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new UsageException(name + " must be a file of settings, but " + file + " cannot be read");
        }
        Map<String, String> security = new HashMap<>();
        settings.stringPropertyNames().forEach(key -> security.put(key, settings.getProperty(key)));
        try {
            return new KafkaCluster("", security).security();
        } catch (IllegalArgumentException other) {
            throw new UsageException(file + " is not only about security: " + other.getMessage());
        }
    }

    /** Kafka's bootstrap servers. */
    public String hostsAndPorts() throws UsageException {
        String value = value();
        if (!HOST_PORT_LIST.matcher(value).matches()) {
            throw new UsageException(name + " must be HOST:PORT, several separated by commas, not " + value);
        }
        return value;
    }
}
