/** What people watch while a sale runs: stock as it changes, what is decided, and how the pipeline keeps up. */
@NullMarked
package io.flashsale.ingress.live;

import org.jspecify.annotations.NullMarked;
