package io.flashsale.streams.runtime;

import java.util.List;

/** A full disk, told apart from other failures of the state. Neither Java nor RocksDB's wrapper has a type for it. */
final class NoSpace {

    /** What the C library says, in RocksDB's errors and Java's alike: ENOSPC and EDQUOT. */
    private static final List<String> TEXTS = List.of("No space left on device", "Disk quota exceeded");

    private static final int MAX_DEPTH = 50;

    private NoSpace() {}

    static boolean isCauseOf(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof NoSpaceException || TEXTS.stream().anyMatch(message::contains)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** For an operator. */
    static String sentence(String stateDirectory) {
        return "too little space is left for its state in " + stateDirectory
                + " (flashsale.state.dir; flashsale.state.min-free says how much it wants). Make room there and start it"
                + " again, nothing is lost.";
    }
}
