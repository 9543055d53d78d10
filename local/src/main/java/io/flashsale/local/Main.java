package io.flashsale.local;

import io.flashsale.local.tools.DeadLettersCommand;
import io.flashsale.local.tools.DemoCommand;
import io.flashsale.local.tools.HistoryCommand;
import io.flashsale.local.tools.LagCommand;
import io.flashsale.local.tools.OwnersCommand;
import io.flashsale.local.tools.ProductsCommand;
import io.flashsale.local.tools.StressCommand;
import io.flashsale.local.tools.TopicsCommand;
import io.flashsale.local.tools.VerifyCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The command line: {@code ./flashsale COMMAND [OPTIONS]}. */
public final class Main {

    public static final int OK = 0;

    public static final int FAILED = 1;

    static final int WRONG_USAGE = 2;

    private final Map<String, SubCommand> commands;
    private final PrintStream err;

    /** A command line with other sub-commands than these, which lie outside of this module. */
    public Main(Map<String, SubCommand> commands, PrintStream err) {
        this.commands = commands;
        this.err = err;
    }

    /** Runs one sub-command and exits with its code. */
    public static void main(String[] args) {
        // The figures look the same everywhere.
        Locale.setDefault(Locale.ROOT);
        System.exit(new Main(commands(System.out), System.err).run(List.of(args)));
    }

    /** All sub-commands by their names. A new one needs a line here and one in {@code help.txt}; a test compares the two. */
    public static Map<String, SubCommand> commands(PrintStream out) {
        Map<String, String> environment = System.getenv();
        return Map.ofEntries(
                Map.entry("up", new UpCommand(environment, out)),
                Map.entry("prepare", new PrepareCommand(out)),
                Map.entry("products", new ProductsCommand(out)),
                Map.entry("verify", new VerifyCommand(out)),
                Map.entry("history", new HistoryCommand(out)),
                Map.entry("dead-letters", new DeadLettersCommand(out)),
                Map.entry("topics", new TopicsCommand(out)),
                Map.entry("lag", new LagCommand(InstantSource.system(), out)),
                Map.entry("owners", new OwnersCommand(out)),
                Map.entry("reset", new ResetCommand(out)),
                Map.entry("stress", new StressCommand(environment, out)),
                Map.entry("demo", new DemoCommand(environment, out)),
                Map.entry("help", arguments -> {
                    out.print(help());
                    return OK;
                }));
    }

    /** Runs one sub-command; what it throws becomes a sentence on the error stream and an exit code. */
    public int run(List<String> arguments) {
        String name = arguments.isEmpty() ? "help" : arguments.getFirst();
        SubCommand command = commands.get(name);
        if (command == null) {
            return complain("There is no command " + name + "; ./flashsale help lists them.", WRONG_USAGE);
        }
        try {
            return command.run(arguments.stream().skip(1).toList());
        } catch (UsageException wrong) {
            return complain(wrong.getMessage() + "; ./flashsale help shows the options.", WRONG_USAGE);
        } catch (PipelineException failed) {
            return complain(String.valueOf(failed.getMessage()), FAILED);
        } catch (UncheckedIOException failed) {
            return complain("Reading or writing failed: " + failed.getCause() + ".", FAILED);
        } catch (RuntimeException unforeseen) {
            return complain("Something unforeseen happened: " + unforeseen + placeOf(unforeseen) + ".", FAILED);
        }
    }

    /** Where to look for the mistake, without a page of places. */
    private static String placeOf(RuntimeException unforeseen) {
        return Arrays.stream(unforeseen.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("io.flashsale."))
                .findFirst()
                .map(frame -> ", at " + frame)
                .orElse("");
    }

    static String help() {
        try (InputStream text = Main.class.getResourceAsStream("help.txt")) {
            return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private int complain(String sentence, int exitCode) {
        err.println("flashsale: " + sentence);
        return exitCode;
    }
}
