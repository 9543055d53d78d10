package io.flashsale.endtoend;

import java.util.Comparator;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Those that share a pipeline come after all others, or its six processes would take their part of the machine while the
 * others measure how long something takes on theirs.
 */
final class SharedPipelineLast implements ClassOrderer {

    @Override
    public void orderClasses(ClassOrdererContext context) {
        context.getClassDescriptors()
                .sort(Comparator.comparing(SharedPipelineLast::sharesThePipeline)
                        .thenComparing(SharedPipelineLast::order));
    }

    private static boolean sharesThePipeline(ClassDescriptor test) {
        return test.findAnnotation(ExtendWith.class)
                .filter(extension -> extension.value()[0] == TestPipeline.class)
                .isPresent();
    }

    private static int order(ClassDescriptor test) {
        return test.findAnnotation(Order.class).map(Order::value).orElse(Order.DEFAULT);
    }
}
