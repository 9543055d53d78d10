package io.flashsale.ingress.live;

/**
 * Something to be shown.
 *
 * @param name what it is about, for example {@code stock}
 * @param data JSON
 */
public record Event(String name, String data) {}
