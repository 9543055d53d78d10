package io.flashsale.endtoend;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A query in Prometheus' language, as far as one must read it to know which series it is about. */
record PrometheusQuery(String text) {

    /** What Prometheus knows by itself. */
    private static final Set<String> ITS_OWN_SERIES = Set.of("up");

    /** Labels that the scrape's configuration gives every series. */
    private static final Set<String> ITS_OWN_LABELS = Set.of("job", "instance", "service");

    private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|!~|!=|=)\"([^\"]*)\"");
    private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{([^}]*)})?");
    private static final Pattern GROUPING = Pattern.compile("\\b(by|without|on|ignoring)\\s*\\([^)]*\\)");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset");

    /** One series, or several that differ in labels. */
    record Selector(String name, String matchers) {

        /** Whether a sample, as the services export it, is one of these. */
        boolean selects(Sample sample) {
            return sample.name().equals(name)
                    && MATCHER.matcher(matchers)
                            .results()
                            .filter(matcher -> !ITS_OWN_LABELS.contains(matcher.group(1)))
                            .allMatch(
                                    matcher -> isMatch(matcher, sample.labels().get(matcher.group(1))));
        }

        private static boolean isMatch(MatchResult matcher, String value) {
            if (value == null) {
                return false;
            }
            String wanted = matcher.group(3);
            return switch (matcher.group(2)) {
                case "=" -> value.equals(wanted);
                case "!=" -> !value.equals(wanted);
                case "=~" -> value.matches(wanted);
                default -> !value.matches(wanted);
            };
        }
    }

    /** A line of a scrape. */
    record Sample(String name, Map<String, String> labels) {

        private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

        static List<Sample> of(String scrape) {
            return scrape.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Sample::ofLine)
                    .toList();
        }

        private static Sample ofLine(String line) {
            Map<String, String> labels = new TreeMap<>();
            int brace = line.indexOf('{');
            if (brace >= 0) {
                LABEL.matcher(line).results().forEach(label -> labels.put(label.group(1), label.group(2)));
            }
            return new Sample(brace >= 0 ? line.substring(0, brace) : line.substring(0, line.indexOf(' ')), labels);
        }
    }

    /** What it asks the services for. */
    List<Selector> selectors() {
        String plain = GROUPING.matcher(text).replaceAll(" ").replaceAll("\\[[^]]*]", " ");
        Matcher found = SELECTOR.matcher(plain);
        return found.results()
                .filter(name -> !isCall(plain, name.end()) && isSeries(name.group(1)) && !isNumber(plain, name.start()))
                .map(name -> new Selector(name.group(1), name.group(2) == null ? "" : name.group(2)))
                .distinct()
                .toList();
    }

    private static boolean isCall(String query, int end) {
        return query.substring(end).stripLeading().startsWith("(");
    }

    private static boolean isSeries(String name) {
        return !OPERATORS.contains(name) && !ITS_OWN_SERIES.contains(name);
    }

    /** The unit of a number: {@code 5m}. */
    private static boolean isNumber(String query, int start) {
        return start > 0 && Character.isDigit(query.charAt(start - 1));
    }
}
