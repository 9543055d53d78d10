package io.flashsale.ingress.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was decided in the last second by all instances, each number per second.
 *
 * @param holds that were placed
 * @param refused holds, by the code of the refusal
 * @param orders that holds became
 * @param sold units that were paid
 * @param expired holds
 * @param decisionP50Ms milliseconds that half of the callers of this instance waited at most, of the last ten seconds;
 *     null if there was none
 * @param decisionP99Ms the same of all but one in a hundred
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Rates(
        double holds,
        Map<String, Double> refused,
        double orders,
        double sold,
        double expired,
        @Nullable Double decisionP50Ms,
        @Nullable Double decisionP99Ms) {}
