package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningPipelineTest {

    private static final RunningPipeline PIPELINE = new RunningPipeline("http://localhost:9000", "127.0.0.1:31234");

    @TempDir
    Path data;

    @Test
    void isFoundWhereItWasNoted() {
        PIPELINE.noteIn(data);

        assertThat(RunningPipeline.find(data)).contains(PIPELINE);
    }

    @Test
    void isNotFoundWhenItsProcessIsGone() throws Exception {
        // given: the note of a run that was killed
        PIPELINE.noteIn(data);
        Process gone = new ProcessBuilder("sleep", "600").start();
        String note = ProcessFile.noteOf(gone.toHandle());
        gone.destroyForcibly().waitFor();
        Path file = data.resolve("running.properties");
        Files.writeString(file, Files.readString(file).replaceFirst("process=.*", "process=" + note));

        assertThat(RunningPipeline.find(data)).isEmpty();
    }

    @Test
    void isNotFoundInWhatSomebodyElseWrote() throws IOException {
        assertThat(RunningPipeline.find(data)).isEmpty();

        Files.writeString(data.resolve("running.properties"), "url=\\u00");
        assertThat(RunningPipeline.find(data)).isEmpty();

        Files.writeString(data.resolve("running.properties"), "process=" + ProcessFile.noteOf(ProcessHandle.current()));
        assertThat(RunningPipeline.find(data)).isEmpty();
    }

    @Test
    void leavesOneNote() throws IOException {
        PIPELINE.noteIn(data);
        PIPELINE.noteIn(data);

        try (var files = Files.list(data)) {
            assertThat(files).containsExactly(data.resolve("running.properties"));
        }
    }
}
