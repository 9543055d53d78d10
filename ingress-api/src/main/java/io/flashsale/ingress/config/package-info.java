/** The settings of this service and the rule that secrets have no defaults. */
@NullMarked
package io.flashsale.ingress.config;

import org.jspecify.annotations.NullMarked;
