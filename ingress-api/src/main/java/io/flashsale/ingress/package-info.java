/** The HTTP door: checks syntax, publishes a command, waits for the committed decision; takes none itself. */
@NullMarked
package io.flashsale.ingress;

import org.jspecify.annotations.NullMarked;
