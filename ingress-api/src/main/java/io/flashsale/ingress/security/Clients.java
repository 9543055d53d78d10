package io.flashsale.ingress.security;

import io.flashsale.ingress.config.IpRange;
import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Who sends a request: the owner of a right admin key, else an address. What a caller can make up itself, a wrong key
 * or a header, does not make it another client.
 */
public final class Clients {

    private static final String FORWARDED_FOR = "X-Forwarded-For";

    /** What one customer of an internet provider gets at least, to use any address of. */
    private static final int IPV6_PREFIX_BYTES = 8;

    private final AdminKey adminKey;
    private final List<IpRange> trustedProxies;

    /** @param trustedProxies whose X-Forwarded-For is believed */
    Clients(AdminKey adminKey, List<IpRange> trustedProxies) {
        this.adminKey = adminKey;
        this.trustedProxies = List.copyOf(trustedProxies);
    }

    /** A name for the client, the same for all its requests. */
    public String of(HttpServletRequest request) {
        return adminKey.identify(request.getHeader(AdminKey.HEADER)).orElseGet(() -> address(request));
    }

    private String address(HttpServletRequest request) {
        String peer = request.getRemoteAddr();
        return IpRange.address(peer)
                .map(address -> nameOf(origin(address, request)))
                .orElse(peer);
    }

    /** Every proxy adds the address it was called from on the right; what a proxy of ours did not write is hearsay. */
    private InetAddress origin(InetAddress peer, HttpServletRequest request) {
        if (!isTrusted(peer)) {
            return peer;
        }
        InetAddress origin = peer;
        for (String hop : hops(request).reversed()) {
            Optional<InetAddress> before = IpRange.address(withoutPort(hop.strip()));
            if (before.isEmpty()) {
                return origin;
            }
            origin = before.get();
            if (!isTrusted(origin)) {
                return origin;
            }
        }
        return origin;
    }

    private static List<String> hops(HttpServletRequest request) {
        return Collections.list(request.getHeaders(FORWARDED_FOR)).stream()
                .flatMap(header -> Arrays.stream(header.split(",")))
                .toList();
    }

    private boolean isTrusted(InetAddress address) {
        return trustedProxies.stream().anyMatch(range -> range.contains(address));
    }

    /** Some proxies add it: {@code 192.0.2.1:4711}, {@code [2001:db8::1]:4711}. */
    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            return end < 0 ? hop : hop.substring(1, end);
        }
        int colon = hop.indexOf(':');
        return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }

    private static String nameOf(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(address.getAddress(), 0, IPV6_PREFIX_BYTES) + "/64"
                : address.getHostAddress();
    }
}
