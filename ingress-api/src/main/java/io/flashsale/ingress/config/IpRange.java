package io.flashsale.ingress.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Neighbouring internet addresses.
 *
 * @param first one of them
 * @param prefixLength how many bits they have in common, from the left
 */
public record IpRange(InetAddress first, int prefixLength) {

    private static final Pattern DOT = Pattern.compile("\\.");
    private static final Pattern IPV4 = Pattern.compile("(?:0|[1-9][0-9]{0,2})(?:\\.(?:0|[1-9][0-9]{0,2})){3}");
    private static final Pattern IPV6 = Pattern.compile("([0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)(?:%.*)?");
    private static final Pattern PREFIX_LENGTH = Pattern.compile("[0-9]{1,3}");
    private static final int MAX_OCTET = 255;

    /**
     * Spring converts a property's text with this method.
     *
     * @param text an address, or one with its prefix length: {@code 10.0.0.0/8}
     * @throws IllegalArgumentException if it is neither
     */
    public static IpRange of(String text) {
        int slash = text.indexOf('/');
        InetAddress address = address((slash < 0 ? text : text.substring(0, slash)).strip())
                .orElseThrow(() -> new IllegalArgumentException("expected an IP address, or one like 10.0.0.0/8"));
        int bits = address.getAddress().length * Byte.SIZE;
        String length =
                slash < 0 ? Integer.toString(bits) : text.substring(slash + 1).strip();
        if (!PREFIX_LENGTH.matcher(length).matches() || Integer.parseInt(length) > bits) {
            throw new IllegalArgumentException("expected a prefix length from 0 to " + bits + " after the slash");
        }
        return new IpRange(address, Integer.parseInt(length));
    }

    /** Reads an address in its usual text form. Never asks a name server: the text may come from anybody. */
    public static Optional<InetAddress> address(String text) {
        try {
            if (IPV4.matcher(text).matches()) {
                return ipv4(text);
            }
            var ipv6 = IPV6.matcher(text);
            // In brackets it cannot be taken for a name. What is an IPv4 address in IPv6 form becomes one.
            return ipv6.matches() ? Optional.of(InetAddress.getByName("[" + ipv6.group(1) + "]")) : Optional.empty();
        } catch (UnknownHostException malformed) {
            return Optional.empty();
        }
    }

    /** Whether an address is one of these. */
    public boolean contains(InetAddress address) {
        byte[] ours = first.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if (((ours[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static Optional<InetAddress> ipv4(String text) throws UnknownHostException {
        byte[] address = new byte[4];
        String[] octets = DOT.split(text);
        for (int index = 0; index < address.length; index++) {
            int octet = Integer.parseInt(octets[index]);
            if (octet > MAX_OCTET) {
                return Optional.empty();
            }
            address[index] = (byte) octet;
        }
        return Optional.of(InetAddress.getByAddress(address));
    }
}
