/** Running a topology: settings, memory, life and health. */
@NullMarked
package io.flashsale.streams.runtime;

import org.jspecify.annotations.NullMarked;
