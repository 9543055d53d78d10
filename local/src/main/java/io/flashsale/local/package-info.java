/** The whole pipeline on one machine: a broker and the services as child processes, and the command line for it. */
@NullMarked
package io.flashsale.local;

import org.jspecify.annotations.NullMarked;
