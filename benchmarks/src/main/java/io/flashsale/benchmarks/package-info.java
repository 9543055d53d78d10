/** Measures the pipeline on the machine it runs on: {@code ./flashsale bench}. */
@NullMarked
package io.flashsale.benchmarks;

import org.jspecify.annotations.NullMarked;
