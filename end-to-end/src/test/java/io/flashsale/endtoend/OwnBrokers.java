package io.flashsale.endtoend;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** For tests that kill brokers, have several of them or cut them off: against a container they are skipped and say so. */
final class OwnBrokers implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (!TestKafka.isContainer()) {
            return ConditionEvaluationResult.enabled("brokers are child processes");
        }
        String why = context.getRequiredTestClass().getSimpleName()
                + " is skipped, because it needs brokers of its own; Kafka is a container.";
        System.out.println("needs: " + why);
        return ConditionEvaluationResult.disabled(why);
    }
}
