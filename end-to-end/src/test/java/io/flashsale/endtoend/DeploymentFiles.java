package io.flashsale.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files that say how the pipeline is deployed, as maps and lists. */
final class DeploymentFiles {

    private static final Path ROOT = Path.of("..");
    private static final Path KUBERNETES = ROOT.resolve("deploy/kubernetes");

    private DeploymentFiles() {}

    static Map<String, Object> compose() {
        return documents(ROOT.resolve("compose.yaml")).getFirst();
    }

    static Map<String, Object> prometheus() {
        return yaml("ops/prometheus/prometheus.yml");
    }

    static Map<String, Object> yaml(String file) {
        return yamls(file).getFirst();
    }

    /** All documents of one file. */
    static List<Map<String, Object>> yamls(String file) {
        return documents(ROOT.resolve(file));
    }

    static String text(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /** Every object that kustomize would apply. */
    static List<Map<String, Object>> kubernetes() {
        return list(documents(KUBERNETES.resolve("kustomization.yaml")).getFirst(), "resources").stream()
                .flatMap(file -> documents(KUBERNETES.resolve((String) file)).stream())
                .toList();
    }

    static List<String> kubernetesFiles() {
        try (Stream<Path> files = Files.list(KUBERNETES)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Map<String, Object> parent, String... path) {
        Map<String, Object> found = parent;
        for (String name : path) {
            found = (Map<String, Object>) found.get(name);
        }
        return found;
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(Map<String, Object> parent, String name) {
        return (List<Object>) parent.get(name);
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> maps(Map<String, Object> parent, String name) {
        return (List<Map<String, Object>>) parent.get(name);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> documents(Path file) {
        List<Map<String, Object>> documents = new ArrayList<>();
        try (var text = Files.newBufferedReader(file)) {
            new Yaml(new SafeConstructor(new LoaderOptions()))
                    .loadAll(text)
                    .forEach(document -> documents.add((Map<String, Object>) document));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
        return documents;
    }
}
