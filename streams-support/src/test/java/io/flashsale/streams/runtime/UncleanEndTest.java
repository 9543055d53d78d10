package io.flashsale.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UncleanEndTest {

    @TempDir
    Path directory;

    @Test
    void thereIsNoneBeforeTheFirstStart() {
        assertThat(uncleanEnd("app").wasThereOne()).isFalse();
    }

    @Test
    void aProcessThatIsKilledLeavesOne() {
        uncleanEnd("app").expect();

        assertThat(uncleanEnd("app").wasThereOne()).isTrue();
    }

    @Test
    void aProcessThatEndsInOrderLeavesNone() {
        UncleanEnd uncleanEnd = uncleanEnd("app");
        uncleanEnd.expect();

        uncleanEnd.averted();

        assertThat(uncleanEnd("app").wasThereOne()).isFalse();
    }

    @Test
    void eachApplicationHasItsOwn() {
        uncleanEnd("app").expect();

        assertThat(uncleanEnd("other").wasThereOne()).isFalse();
    }

    private UncleanEnd uncleanEnd(String applicationId) {
        return new UncleanEnd(directory.resolve("state"), applicationId);
    }
}
