package io.flashsale.local;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Arrays;
import sun.misc.Signal;

/**
 * The first main class of every child process: it ties the child's life to its parent's, then runs the real main class.
 * The parent holds the other end of this process's standard input and never writes to it, so end of file means that the
 * parent is gone, however it went: the kernel closes the pipe even after {@code kill -9}.
 */
public final class Child {

    static final Duration SHUTDOWN_DEADLINE = Duration.ofSeconds(5);

    /** System property: how many milliseconds this process outlives its parent, for those who still need it. */
    static final String LINGER_MS_PROPERTY = "flashsale.child.linger.ms";

    /** As a process that SIGTERM ended. */
    private static final int EXIT_CODE = 143;

    private Child() {}

    /**
     * Runs another main class.
     *
     * @param args its name, then its arguments
     */
    public static void main(String[] args) throws Throwable {
        // A terminal sends these to the whole process group. The parent stops its children in order, with SIGTERM.
        Signal.handle(new Signal("INT"), ignored -> {});
        Signal.handle(new Signal("HUP"), ignored -> {});
        startDaemon("parent-watch", Child::awaitEndOfParent);
        try {
            Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object)
                    Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }

    private static void awaitEndOfParent() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever sent.
            }
        } catch (IOException broken) {
            // The same as its end.
        }
        try {
            Thread.sleep(Long.getLong(LINGER_MS_PROPERTY, 0));
            System.err.println("The parent process is gone: ending too.");
            Thread exit = startDaemon("exit", () -> System.exit(EXIT_CODE));
            exit.join(SHUTDOWN_DEADLINE);
        } catch (InterruptedException noMorePatience) {
            // Halt now.
        }
        Runtime.getRuntime().halt(EXIT_CODE);
    }

    private static Thread startDaemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
