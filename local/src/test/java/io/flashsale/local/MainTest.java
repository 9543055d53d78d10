package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theHelpNamesExactlyTheCommandsThereAre() {
        // The script gives this one to another main class.
        Set<String> commands = new HashSet<>(Set.of("bench"));
        commands.addAll(Main.commands(new PrintStream(out)).keySet());
        List<String> named = Main.help()
                .lines()
                .dropWhile(line -> !line.equals("Commands:"))
                .skip(1)
                .takeWhile(line -> !line.isBlank())
                .map(line -> line.trim().split(" ")[0])
                .toList();

        assertThat(named).containsExactlyInAnyOrderElementsOf(commands);
    }

    @Test
    void printsTheHelp() {
        assertThat(run("help")).isZero();
        assertThat(out.toString()).isEqualTo(Main.help()).contains("--port N");
    }

    @Test
    void refusesAnUnknownCommandInOneSentence() {
        assertThat(run("upp")).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("flashsale: There is no command upp; ./flashsale help lists them.\n");
    }

    @Test
    void refusesAnUnknownOptionInOneSentence() {
        assertThat(run("up", "--prot", "1")).isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo("flashsale: There is no option --prot; ./flashsale help shows the options.\n");
    }

    @Test
    void saysInOneSentenceWhatFailed() {
        Map<String, SubCommand> commands = Map.of("fail", arguments -> {
            throw new PipelineException("It is raining.");
        });

        assertThat(new Main(commands, new PrintStream(err)).run(List.of("fail")))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualTo("flashsale: It is raining.\n");
    }

    @Test
    void saysInOneSentenceWhatNobodyForesaw() {
        Map<String, SubCommand> commands = Map.of(
                "read",
                arguments -> {
                    throw new UncheckedIOException(new AccessDeniedException("/a"));
                },
                "slip",
                arguments -> {
                    throw new IllegalStateException("slipped");
                });
        Main main = new Main(commands, new PrintStream(err));

        assertThat(main.run(List.of("read"))).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo("flashsale: Reading or writing failed: java.nio.file.AccessDeniedException: /a.\n");

        err.reset();
        assertThat(main.run(List.of("slip"))).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("flashsale: Something unforeseen happened: java.lang.IllegalStateException: slipped, at "
                        + MainTest.class.getName())
                .hasLineCount(1);
    }

    private int run(String... arguments) {
        return new Main(Main.commands(new PrintStream(out)), new PrintStream(err)).run(List.of(arguments));
    }
}
