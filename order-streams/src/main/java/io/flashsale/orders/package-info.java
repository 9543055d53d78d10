/** order-streams: owns orders and payments. */
@NullMarked
package io.flashsale.orders;

import org.jspecify.annotations.NullMarked;
