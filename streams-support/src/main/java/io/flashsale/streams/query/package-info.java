/** Interactive queries over HTTP, answered by whichever instance owns the product. */
@NullMarked
package io.flashsale.streams.query;

import org.jspecify.annotations.NullMarked;
