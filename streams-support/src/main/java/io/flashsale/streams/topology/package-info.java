/** What both topologies are made of: screening, outputs, timers, serialization. */
@NullMarked
package io.flashsale.streams.topology;

import org.jspecify.annotations.NullMarked;
