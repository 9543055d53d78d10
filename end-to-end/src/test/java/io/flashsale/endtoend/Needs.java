package io.flashsale.endtoend;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of its machine. Where it is missing the test is skipped and says why; with
 * {@code -Dflashsale.test.needs=all} it fails.
 */
final class Needs {

    private static final boolean ALL = "all".equals(System.getProperty("flashsale.test.needs"));
    private static final int COMMAND_DEADLINE_SECONDS = 30;

    private Needs() {}

    /** Ends the test unless it is there. */
    static void require(boolean there, String what) {
        if (there) {
            return;
        }
        String why = "This machine does not have what is needed: " + what + ".";
        System.out.println("needs: " + why);
        if (ALL) {
            Assertions.fail(why);
        }
        Assumptions.abort(why);
    }

    /** Runs a command and says whether it went well. */
    static boolean runs(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command)).inheritIO().start();
            if (!process.waitFor(COMMAND_DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
