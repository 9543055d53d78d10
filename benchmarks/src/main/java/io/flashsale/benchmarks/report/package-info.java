/** What was measured, and how it is shown: as text, as Markdown with plots, as JSON. */
@NullMarked
package io.flashsale.benchmarks.report;

import org.jspecify.annotations.NullMarked;
