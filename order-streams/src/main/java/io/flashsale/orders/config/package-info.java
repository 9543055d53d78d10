/** Settings, and how the parts are put together. */
@NullMarked
package io.flashsale.orders.config;

import org.jspecify.annotations.NullMarked;
