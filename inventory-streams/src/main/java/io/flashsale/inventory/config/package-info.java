/** Settings, and how the parts are put together. */
@NullMarked
package io.flashsale.inventory.config;

import org.jspecify.annotations.NullMarked;
