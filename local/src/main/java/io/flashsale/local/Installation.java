package io.flashsale.local;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the programs of the pipeline lie: the one place that knows file names.
 *
 * @param java the executable that runs every child
 * @param programs what runs for each role
 * @param childClassPath what {@link Child} is loaded from
 */
record Installation(Path java, Map<Role, Program> programs, String childClassPath) {

    /** The programs as the build of this project leaves them. */
    static Installation ofBuild() {
        Path root = projectDirectory();
        return new Installation(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                Map.of(
                        Role.BROKER, broker(root),
                        Role.INVENTORY,
                                service(root, "inventory-streams", "io.flashsale.inventory.InventoryApplication"),
                        Role.ORDERS, service(root, "order-streams", "io.flashsale.orders.OrdersApplication"),
                        Role.INGRESS, service(root, "ingress-api", "io.flashsale.ingress.IngressApplication")),
                codeSource().toString());
    }

    /** The folder of the whole project: above the code, or else above the working directory. */
    static Path projectDirectory() {
        return findProject()
                .orElseThrow(() -> new PipelineException("The project's folder was not found above " + codeSource()
                        + "; start from inside the project."));
    }

    /** Empty where the commands run without the project, in a container for example. */
    static Optional<Path> findProject() {
        return Stream.of(codeSource(), Path.of("").toAbsolutePath())
                .map(Installation::projectAbove)
                .flatMap(Optional::stream)
                .findFirst();
    }

    Program program(Role role) {
        Program program = programs.get(role);
        if (program == null) {
            throw new PipelineException("There is no program for " + role.label() + ".");
        }
        for (String element : program.classPath().split(File.pathSeparator)) {
            if (!Files.exists(Path.of(element.replace(File.separator + "*", "")))) {
                throw new PipelineException(element + " is missing: build the project first.");
            }
        }
        return program;
    }

    static Program broker(Path root) {
        return new Program(librariesIn(root.resolve("local")), "kafka.Kafka");
    }

    /** Not its executable jar: to read classes from jars in a jar takes a fifth of the processor time of a start. */
    private static Program service(Path root, String module, String mainClass) {
        Path folder = root.resolve(module);
        Path jar = folder.resolve("target").resolve(module + ".jar");
        return new Program(jar + File.pathSeparator + librariesIn(folder), mainClass);
    }

    private static String librariesIn(Path module) {
        return module.resolve("target/lib") + File.separator + "*";
    }

    static Path codeSource() {
        try {
            return Path.of(Child.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Optional<Path> projectAbove(Path start) {
        return Stream.<Path>iterate(start, path -> path != null, Path::getParent)
                .filter(path -> Files.isRegularFile(path.resolve("local/pom.xml")))
                .findFirst();
    }
}
