/** The pipeline around the rules: which topics and stores, and what goes where. */
@NullMarked
package io.flashsale.orders.topology;

import org.jspecify.annotations.NullMarked;
