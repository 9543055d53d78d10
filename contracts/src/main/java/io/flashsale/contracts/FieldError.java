package io.flashsale.contracts;

/**
 * What is wrong with one field.
 *
 * @param field its name in the message
 * @param message what was expected
 */
public record FieldError(String field, String message) {}
