/** OpenTelemetry, as far as this pipeline uses it. */
@NullMarked
package io.flashsale.tracing;

import org.jspecify.annotations.NullMarked;
