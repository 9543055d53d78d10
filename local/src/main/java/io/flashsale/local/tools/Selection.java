package io.flashsale.local.tools;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which dead letters are meant.
 *
 * @param reason empty means any
 * @param topic they come from, without the prefix; empty means any
 */
record Selection(Optional<String> reason, Optional<String> topic) {

    boolean takes(ConsumerRecord<byte[], byte[]> letter, String prefix) {
        return reason.map(LetterHeaders.text(letter, LetterHeaders.REASON)::equals)
                        .orElse(true)
                && topic.map(name ->
                                LetterHeaders.text(letter, LetterHeaders.TOPIC).equals(prefix + name))
                        .orElse(true);
    }
}
