/** Reads of orders, for the ingress. */
@NullMarked
package io.flashsale.orders.query;

import org.jspecify.annotations.NullMarked;
