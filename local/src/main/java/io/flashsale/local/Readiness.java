package io.flashsale.local;

import java.net.URI;

/** How a child process shows that it can serve. */
public sealed interface Readiness {

    /** A line of its log contains this text. */
    record LogLine(String text) implements Readiness {}

    /** A GET of this address is answered 200. */
    record HttpOk(URI uri) implements Readiness {}

    /** It ends by itself. */
    record Ended() implements Readiness {}
}
