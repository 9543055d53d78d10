package io.flashsale.local.audit;

/** There is more than the books may keep; see {@link AuditTerms}. */
public final class BooksFullException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BooksFullException(String what) {
        super(what);
    }
}
