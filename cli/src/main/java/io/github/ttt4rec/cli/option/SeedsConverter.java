package io.github.ttt4rec.cli.option;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses seeds: {@code 3} stands for the seeds 1 to 3, {@code 2-3} for the seeds 2 and 3. */
public final class SeedsConverter implements ITypeConverter<Seeds> {
    private static final Pattern WORD = Pattern.compile("(?:(\\d{1,9})-)?(\\d{1,9})");

    @Override
    public Seeds convert(String word) {
        Matcher matcher = WORD.matcher(word);
        if (matcher.matches()) {
            int first = matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
            int last = Integer.parseInt(matcher.group(2));
            if (first >= 1 && last >= first) {
                return new Seeds(first, last);
            }
        }
        throw new TypeConversionException(
                "'" + word + "' is not a number of seeds, such as 3, nor a range, such as 2-3");
    }
}
