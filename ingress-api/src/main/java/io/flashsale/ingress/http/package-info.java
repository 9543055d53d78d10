/** Controllers, request bodies, problems: what a caller sees. */
@NullMarked
package io.flashsale.ingress.http;

import org.jspecify.annotations.NullMarked;
