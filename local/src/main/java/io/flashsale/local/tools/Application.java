package io.flashsale.local.tools;

/** The applications that decide, in the order of the pipeline. */
enum Application {
    INVENTORY("inventory-streams"),
    ORDERS("order-streams");

    private final String label;

    Application(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** Its consumer group, which is also how the names of its internal topics begin. */
    String group(String prefix) {
        return prefix + label;
    }
}
