package io.flashsale.local;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/**
 * How to reach the pipeline that {@code up} runs: ports differ from run to run, so {@code up} notes them in its data
 * directory for the other commands.
 *
 * @param url of the first ingress instance
 * @param kafka bootstrap servers
 */
public record RunningPipeline(String url, String kafka) {

    private static final String FILE = "running.properties";
    private static final String URL = "url";
    private static final String KAFKA = "kafka";

    /** Which run it was: the note outlives a run that was killed. */
    private static final String PROCESS = "process";

    /** The pipeline that was started with this data directory, if it still runs. */
    public static Optional<RunningPipeline> find(Path dataDirectory) {
        Properties note = new Properties();
        try (Reader file = Files.newBufferedReader(dataDirectory.resolve(FILE))) {
            note.load(file);
        } catch (IOException | IllegalArgumentException noneOrNotOurs) {
            return Optional.empty();
        }
        String url = note.getProperty(URL, "");
        String kafka = note.getProperty(KAFKA, "");
        return ProcessFile.processOf(note.getProperty(PROCESS, ""))
                .filter(ignored -> !url.isBlank() && !kafka.isBlank())
                .map(ignored -> new RunningPipeline(url, kafka));
    }

    /** The same of the default data directory. */
    public static Optional<RunningPipeline> find() {
        return Installation.findProject().flatMap(project -> find(dataIn(project)));
    }

    /** The data directory that {@code up} uses if it is told no other. */
    static Path defaultDataDirectory() {
        return dataIn(Installation.projectDirectory());
    }

    private static Path dataIn(Path project) {
        return project.resolve(".flashsale");
    }

    /** Notes it as a pipeline of this process. */
    void noteIn(Path dataDirectory) {
        Properties note = new Properties();
        note.setProperty(URL, url);
        note.setProperty(KAFKA, kafka);
        note.setProperty(PROCESS, ProcessFile.noteOf(ProcessHandle.current()));
        StringWriter text = new StringWriter();
        try {
            note.store(text, "How the other commands of ./flashsale find the pipeline that runs here.");
            // Whoever reads at this moment finds all of it or the note before.
            Path part = dataDirectory.resolve(FILE + ".part");
            Files.writeString(part, text.toString());
            Files.move(part, dataDirectory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
