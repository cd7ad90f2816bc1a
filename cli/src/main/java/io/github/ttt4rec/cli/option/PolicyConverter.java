package io.github.ttt4rec.cli.option;

import io.github.ttt4rec.recommend.HistoryPolicy;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a history policy. */
public final class PolicyConverter implements ITypeConverter<HistoryPolicy> {
    @Override
    public HistoryPolicy convert(String word) {
        for (HistoryPolicy policy : HistoryPolicy.values()) {
            if (policy.name().equalsIgnoreCase(word)) {
                return policy;
            }
        }
        throw new TypeConversionException("'" + word + "' is not window, hop, unbounded or reset");
    }
}
