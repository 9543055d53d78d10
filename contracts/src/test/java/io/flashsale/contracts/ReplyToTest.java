package io.flashsale.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyToTest {

    private static final String ID = ReplyTo.CORRELATION_ID_HEADER;
    private static final String PARTITION = ReplyTo.PARTITION_HEADER;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 11})
    void whatIsWrittenIsRead(int partition) {
        ReplyTo address = new ReplyTo("3f2a-\u00fc", partition);
        Headers headers = new RecordHeaders();
        address.writeTo(headers);

        assertThat(ReplyTo.readFrom(headers, 12)).contains(address);
    }

    @Test
    void theLongestIdIsRead() {
        ReplyTo address = new ReplyTo("c".repeat(64), 3);
        Headers headers = new RecordHeaders();
        address.writeTo(headers);

        assertThat(ReplyTo.readFrom(headers, 12)).contains(address);
    }

    @Test
    void headersAreThoseOfTheContract() {
        Headers headers = new RecordHeaders();
        new ReplyTo("c", 258).writeTo(headers);

        assertThat(headers.lastHeader("reply_correlation_id").value()).containsExactly('c');
        assertThat(headers.lastHeader("reply_partition").value()).containsExactly(0, 0, 1, 2);
    }

    @Test
    void theLastHeaderOfANameCounts() {
        Headers headers = new RecordHeaders();
        new ReplyTo("first", 1).writeTo(headers);
        new ReplyTo("last", 2).writeTo(headers);

        assertThat(ReplyTo.readFrom(headers, 12)).contains(new ReplyTo("last", 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, 12, 13, Integer.MAX_VALUE})
    void aPartitionThatIsNotThereIsNoAddress(int partition) {
        assertThat(ReplyTo.readFrom(headers(bytes("c"), number(partition)), 12)).isEmpty();
    }

    @Test
    void hostileHeadersAreNoAddress() {
        assertThat(ReplyTo.readFrom(new RecordHeaders(), 12)).isEmpty();
        assertThat(ReplyTo.readFrom(new RecordHeaders().add(ID, bytes("c")), 12))
                .isEmpty();
        assertThat(ReplyTo.readFrom(new RecordHeaders().add(PARTITION, number(1)), 12))
                .isEmpty();
        assertThat(ReplyTo.readFrom(headers(null, number(1)), 12)).isEmpty();
        assertThat(ReplyTo.readFrom(headers(bytes("c"), null), 12)).isEmpty();
        assertThat(ReplyTo.readFrom(headers(new byte[0], number(1)), 12)).isEmpty();
        assertThat(ReplyTo.readFrom(headers(new byte[65], number(1)), 12)).isEmpty();
        assertThat(ReplyTo.readFrom(headers(new byte[1_000_000], number(1)), 12))
                .isEmpty();
        assertThat(ReplyTo.readFrom(headers(bytes("c"), new byte[3]), 12)).isEmpty();
        assertThat(ReplyTo.readFrom(headers(bytes("c"), new byte[8]), 12)).isEmpty();
        assertThat(ReplyTo.readFrom(headers(bytes("c"), bytes("0")), 12)).isEmpty();
    }

    private static Headers headers(byte[] id, byte[] partition) {
        return new RecordHeaders().add(ID, id).add(PARTITION, partition);
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
