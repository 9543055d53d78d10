package io.flashsale.ingress.gateway;

/**
 * What an application answered to a read.
 *
 * @param status 200, 404 or 409
 * @param body as it came
 * @param stale a standby answered, which may lag behind
 */
public record QueryAnswer(int status, byte[] body, boolean stale) {}
