/** What the services say to each other: ids, messages, topics, limits. No Spring, no state, no decision. */
@NullMarked
package io.flashsale.contracts;

import org.jspecify.annotations.NullMarked;
