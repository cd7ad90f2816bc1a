package io.github.ttt4rec.internal;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Turns file-system failures into one-line messages for the user. */
public final class Failures {
    private Failures() {}

    /** A one-line problem: {@code subject} (a path), then what is wrong and what to do. */
    public static UserFacingException problem(Object subject, String what) {
        return new UserFacingException(oneLine(subject + ": " + what));
    }

    /** A one-line problem with its cause. */
    public static UserFacingException problem(Object subject, String what, Throwable cause) {
        return new UserFacingException(oneLine(subject + ": " + what), cause);
    }

    /** The file system's message, without the path with which it may begin. */
    public static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException missing -> "no such file or directory";
            case AccessDeniedException denied -> "permission denied";
            case NotDirectoryException notDirectory -> "not a directory";
            case FileSystemException named when named.getReason() != null -> named.getReason();
            case IOException other when other.getMessage() != null -> other.getMessage();
            case IOException other -> other.getClass().getSimpleName();
        };
    }

    /** {@code text} without line breaks and other control characters. */
    public static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    }
}
