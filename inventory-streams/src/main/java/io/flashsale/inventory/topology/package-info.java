/** The pipeline around the rules: which topics and stores, and what goes where. */
@NullMarked
package io.flashsale.inventory.topology;

import org.jspecify.annotations.NullMarked;
