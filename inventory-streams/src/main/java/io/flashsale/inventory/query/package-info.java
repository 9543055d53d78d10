/** Reads of products and holds, for the ingress. */
@NullMarked
package io.flashsale.inventory.query;

import org.jspecify.annotations.NullMarked;
