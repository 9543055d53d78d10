/** inventory-streams: owns stock and holds. */
@NullMarked
package io.flashsale.inventory;

import org.jspecify.annotations.NullMarked;
