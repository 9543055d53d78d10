/** Who may do what: the admin key, the webhook signature, ids that cannot be guessed; and how often. */
@NullMarked
package io.flashsale.ingress.security;

import org.jspecify.annotations.NullMarked;
