/** The commands for a pipeline that runs: verify, history, stress, demo. They use what anybody can: HTTP and topics. */
@NullMarked
package io.flashsale.local.tools;

import org.jspecify.annotations.NullMarked;
