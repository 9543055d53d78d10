package io.flashsale.contracts;

import java.util.Map;

/**
 * One topic of the contract.
 *
 * @param name with the prefix
 * @param partitions all keyed topics have the same number
 * @param settings topic settings that differ from the broker's defaults
 */
public record Topic(String name, int partitions, Map<String, String> settings) {}
