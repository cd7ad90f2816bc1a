package io.github.ttt4rec.lab.tune;

import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.internal.Ranges;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The values that a setting may take: {@code uniform}, {@code log}, {@code int}, {@code logint} or {@code choice}. */
public sealed interface Domain {
    /** The syntax of domains, for messages and help. */
    List<String> FORMS =
            List.of("uniform(low,high)", "log(low,high)", "int(low,high)", "logint(low,high)", "choice(a,b,...)");

    /** A random value, uniform on the domain's scale. */
    Object sample(RandomGenerator random);

    /** Returns whether {@code value} is in the domain. */
    boolean contains(Object value);

    /** The number of values; infinite for real numbers. */
    double size();

    /** The first and the last value, or all choices; a setting must accept these. */
    List<Object> extremes();

    /** This domain for a setting whose value is {@code current}: whole numbers become real ones if that is a real number. */
    default Domain asType(@Nullable Object current) {
        return this;
    }

    /** An ordered domain of numbers, each with a coordinate in [0, 1]. */
    sealed interface Numeric extends Domain permits Real, Whole {
        /** The coordinate of a value of this domain. */
        double unit(Object value);

        /** The value at a coordinate in [0, 1]; the inverse of {@link #unit}. */
        Object at(double unit);

        @Override
        default Object sample(RandomGenerator random) {
            return at(random.nextDouble());
        }
    }

    /**
     * Real numbers, rounded to four significant digits.
     *
     * @param log whether the scale is logarithmic
     */
    record Real(double low, double high, boolean log) implements Numeric {
        private static final MathContext DIGITS = new MathContext(4, RoundingMode.HALF_EVEN);

        public Real {
            Ranges.require(
                    low < high && Double.isFinite(low) && Double.isFinite(high),
                    "the low end must be below the high end");
            Ranges.require(!log || low > 0, "a logarithmic range must begin above 0");
        }

        @Override
        public double unit(Object value) {
            return position(((Number) value).doubleValue(), low, high, log);
        }

        @Override
        public Object at(double unit) {
            double exact = value(unit, low, high, log);
            return Math.clamp(new BigDecimal(exact).round(DIGITS).doubleValue(), low, high);
        }

        @Override
        public boolean contains(Object value) {
            return value instanceof Number number && number.doubleValue() >= low && number.doubleValue() <= high;
        }

        @Override
        public double size() {
            return Double.POSITIVE_INFINITY;
        }

        @Override
        public List<Object> extremes() {
            return List.of(low, high);
        }

        @Override
        public String toString() {
            return (log ? "log(" : "uniform(") + text(low) + "," + text(high) + ")";
        }
    }

    /**
     * Whole numbers, including both ends.
     *
     * @param log whether the scale is logarithmic
     */
    record Whole(int low, int high, boolean log) implements Numeric {
        public Whole {
            Ranges.require(low < high, "the low end must be below the high end");
            Ranges.require(!log || low > 0, "a logarithmic range must begin above 0");
        }

        /** Each number has the interval up to halfway to its neighbours. */
        @Override
        public double unit(Object value) {
            return position(((Number) value).doubleValue(), low - 0.5, high + 0.5, log);
        }

        @Override
        public Object at(double unit) {
            return Math.clamp(Math.round(value(unit, low - 0.5, high + 0.5, log)), low, high);
        }

        @Override
        public boolean contains(Object value) {
            return value instanceof Integer number && number >= low && number <= high;
        }

        @Override
        public double size() {
            return (double) high - low + 1;
        }

        @Override
        public List<Object> extremes() {
            return List.of(low, high);
        }

        @Override
        public String toString() {
            return (log ? "logint(" : "int(") + low + "," + high + ")";
        }
    }

    /** Unordered values: numbers, words, true and false. */
    record Choice(List<Object> values) implements Domain {
        /** Checks that there are at least two values. */
        public Choice {
            values = List.copyOf(values);
            Ranges.require(values.stream().distinct().count() == values.size(), "a choice is given twice");
            Ranges.require(values.size() >= 2, "a choice needs at least two values");
        }

        @Override
        public Domain asType(@Nullable Object current) {
            return current instanceof Double
                    ? new Choice(values.stream()
                            .map(value -> value instanceof Number number ? number.doubleValue() : value)
                            .toList())
                    : this;
        }

        @Override
        public Object sample(RandomGenerator random) {
            return values.get(random.nextInt(values.size()));
        }

        @Override
        public boolean contains(Object value) {
            return values.contains(value);
        }

        @Override
        public double size() {
            return values.size();
        }

        @Override
        public List<Object> extremes() {
            return values;
        }

        @Override
        public String toString() {
            return "choice(" + values.stream().map(Domain::text).collect(Collectors.joining(",")) + ")";
        }
    }

    /**
     * Parses one of {@link #FORMS}.
     *
     * @throws IllegalArgumentException if the text is not of one of these forms
     */
    static Domain parse(String text) {
        Matcher call = Pattern.compile("\\s*([A-Za-z]+)\\s*\\((.*)\\)\\s*").matcher(text);
        Ranges.require(call.matches(), "'" + text + "' is no range; " + forms());
        List<String> words =
                Arrays.stream(call.group(2).split(",", -1)).map(String::strip).toList();
        String form = call.group(1);
        return switch (form) {
            case "uniform" -> new Real(real(text, words, 0), real(text, words, 1), false);
            case "log" -> new Real(real(text, words, 0), real(text, words, 1), true);
            case "int" -> new Whole(whole(text, words, 0), whole(text, words, 1), false);
            case "logint" -> new Whole(whole(text, words, 0), whole(text, words, 1), true);
            case "choice" -> {
                Ranges.require(words.stream().noneMatch(String::isEmpty), "'" + text + "' has an empty choice");
                yield new Choice(words.stream().map(RunConfigs::scalar).toList());
            }
            default -> throw new IllegalArgumentException("there is no range '" + form + "'; " + forms());
        };
    }

    private static String forms() {
        return "there are " + String.join(", ", FORMS);
    }

    private static double real(String text, List<String> words, int index) {
        return number(text, words, index).doubleValue();
    }

    private static int whole(String text, List<String> words, int index) {
        try {
            return number(text, words, index).intValueExact();
        } catch (ArithmeticException notWhole) {
            throw new IllegalArgumentException("'" + text + "' takes whole numbers", notWhole);
        }
    }

    private static BigDecimal number(String text, List<String> words, int index) {
        Ranges.require(words.size() == 2, "'" + text + "' takes two numbers, the low and the high end");
        try {
            return new BigDecimal(words.get(index));
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("'" + words.get(index) + "' in '" + text + "' is no number", notANumber);
        }
    }

    private static double position(double value, double low, double high, boolean log) {
        double position = log ? StrictMath.log(value / low) / StrictMath.log(high / low) : (value - low) / (high - low);
        return Math.clamp(position, 0, 1);
    }

    private static double value(double unit, double low, double high, boolean log) {
        return log ? low * StrictMath.pow(high / low, unit) : low + unit * (high - low);
    }

    /** A value for people, without exponents or trailing zeros. */
    static String text(Object value) {
        return value instanceof Double number
                ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
                : value.toString();
    }
}
