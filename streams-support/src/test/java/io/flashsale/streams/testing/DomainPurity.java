package io.flashsale.streams.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.flashsale.contracts.CommandReader;
import io.flashsale.contracts.Json;
import java.io.File;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The rules stay pure: a replayed log must give the same decisions, anywhere. Each application names its rules' package. */
public abstract class DomainPurity {

    private final JavaClasses domain;
    private final ArchRule onlyJavaAndMessages;

    protected DomainPurity(String packageName) {
        domain = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(packageName);
        onlyJavaAndMessages = classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "java.lang..",
                        "java.math",
                        "java.time",
                        "java.util",
                        "java.util.function",
                        "java.util.stream",
                        "io.flashsale.contracts",
                        packageName,
                        "org.jspecify.annotations"));
    }

    private static final ArchRule NO_JSON =
            noClasses().should().dependOnClassesThat().belongToAnyOf(Json.class, CommandReader.class);

    private static final Set<String> IMPURE = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Math.random",
            "java.util.UUID.randomUUID");

    private static final ArchRule NO_CLOCK = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .accessTargetWhere(describe(
                    "asks a clock or a die",
                    (JavaAccess<?> access) ->
                            IMPURE.contains(access.getTargetOwner().getName() + "." + access.getName())
                                    || access.getTargetOwner().getPackageName().equals("java.time")
                                            && access.getName().equals("now")));

    private static final ArchRule NO_DICE =
            noClasses().should().dependOnClassesThat().areAssignableTo(RandomGenerator.class);

    @Test
    void theRulesDependOnJavaAndMessagesOnly() {
        assertThat(domain).hasSizeGreaterThan(5);
        onlyJavaAndMessages.check(domain);
        NO_JSON.check(domain);
    }

    @Test
    void theRulesAskNoClockAndThrowNoDice() {
        NO_CLOCK.check(domain);
        NO_DICE.check(domain);
    }

    @Test
    void theseChecksFindWhatTheyLookFor() {
        assertThat(isBroken(onlyJavaAndMessages, Foreign.class)).isTrue();
        assertThat(isBroken(NO_JSON, WritesJson.class)).isTrue();
        assertThat(isBroken(NO_CLOCK, AsksInstant.class)).isTrue();
        assertThat(isBroken(NO_CLOCK, AsksClock.class)).isTrue();
        assertThat(isBroken(NO_CLOCK, AsksSystem.class)).isTrue();
        assertThat(isBroken(NO_CLOCK, AsksUuid.class)).isTrue();
        assertThat(isBroken(NO_DICE, ThrowsDice.class)).isTrue();
        assertThat(isBroken(NO_DICE, ThrowsSecureDice.class)).isTrue();
    }

    private static boolean isBroken(ArchRule rule, Class<?> by) {
        return rule.evaluate(new ClassFileImporter().importClasses(by)).hasViolation();
    }

    private static final class Foreign {
        void io(File file) {
            file.delete();
        }
    }

    private static final class WritesJson {
        Object json() {
            return Json.MAPPER;
        }
    }

    private static final class AsksInstant {
        Object ask() {
            return Instant.now();
        }
    }

    private static final class AsksClock {
        Object ask(Clock clock) {
            return clock.instant();
        }
    }

    private static final class AsksSystem {
        long ask() {
            return System.currentTimeMillis();
        }
    }

    private static final class AsksUuid {
        Object ask() {
            return UUID.randomUUID();
        }
    }

    private static final class ThrowsDice {
        int ask() {
            return ThreadLocalRandom.current().nextInt();
        }
    }

    private static final class ThrowsSecureDice {
        int ask() {
            return new SecureRandom().nextInt();
        }
    }
}
