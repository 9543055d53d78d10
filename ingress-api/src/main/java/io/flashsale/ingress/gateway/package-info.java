/** Commands out, replies in, reads from the applications that own the state, and whether Kafka is there. */
@NullMarked
package io.flashsale.ingress.gateway;

import org.jspecify.annotations.NullMarked;
