/**
 * What a team would write instead: holds in one service with one database behind the same two calls. Small and fair: it
 * does less than ours (nothing expires, no idempotency keys, no limits), and nothing slower than it must.
 */
@NullMarked
package io.flashsale.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
