package io.github.ttt4rec.api;

import java.util.Objects;

/** The version of this library. */
public final class Version {
    private Version() {}

    /** The version as in the jar's manifest; {@code development} where the classes are in no jar. */
    public static String current() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");
    }
}
