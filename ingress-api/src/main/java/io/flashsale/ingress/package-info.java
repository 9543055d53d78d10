/** The HTTP door: checks syntax, publishes a command, waits for the committed decision. No business state or decision. */
@NullMarked
package io.flashsale.ingress;

import org.jspecify.annotations.NullMarked;
