package io.github.ttt4rec.catalogue;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/**
 * Evaluates expressions on an index: set operations first, then numeric comparisons, which only look at the remaining
 * rows.
 *
 * @param index the index, which must not change during the evaluation
 * @param rows the row of each item
 * @param count the number of rows
 */
record Evaluation(AttributeIndex index, Map<String, Integer> rows, int count) {
    /** If more than one row in this many remains, scanning a whole column is faster than picking rows. */
    private static final int DENSE = 4;

    /**
     * The rows of {@code within} for which the expression is true. Takes ownership of {@code within}, which may be
     * changed.
     */
    RoaringBitmap of(Expression expression, RoaringBitmap within) {
        return switch (expression) {
            case Expression.All all -> {
                RoaringBitmap left = within;
                for (Expression term : cheapFirst(all.terms())) {
                    left = of(term, left);
                }
                yield left;
            }
            case Expression.Any any -> {
                RoaringBitmap found = new RoaringBitmap();
                for (Expression term : any.terms()) {
                    RoaringBitmap more = of(term, within.clone());
                    within.andNot(more);
                    found.or(more);
                }
                yield found;
            }
            case Expression.Not not -> {
                within.andNot(of(not.term(), within.clone()));
                yield within;
            }
            case Expression.HasWord has -> and(within, withWords(has));
            case Expression.InCategory in ->
                and(
                        within,
                        RoaringBitmap.or(in.categories().stream().map(index::in).iterator()));
            case Expression.Has has ->
                has.name().equals(AttributeNames.ITEM) ? within : and(within, index.having(has.name()));
            case Expression.Compare compare -> compare(compare, within);
        };
    }

    private static RoaringBitmap and(RoaringBitmap within, RoaringBitmap others) {
        within.and(others);
        return within;
    }

    private static List<Expression> cheapFirst(List<Expression> terms) {
        return terms.stream().sorted(Comparator.comparingInt(Evaluation::cost)).toList();
    }

    private static int cost(Expression term) {
        return switch (term) {
            case Expression.HasWord _, Expression.InCategory _, Expression.Has _ -> 0;
            case Expression.Not not -> 1 + cost(not.term());
            case Expression.All all ->
                1 + all.terms().stream().mapToInt(Evaluation::cost).sum();
            case Expression.Any any ->
                1 + any.terms().stream().mapToInt(Evaluation::cost).sum();
            case Expression.Compare _ -> 10;
        };
    }

    private RoaringBitmap withWords(Expression.HasWord has) {
        if (has.name().equals(AttributeNames.ITEM)) {
            RoaringBitmap items = new RoaringBitmap();
            for (String id : has.words()) {
                Integer row = rows.get(id);
                if (row != null) {
                    items.add(row);
                }
            }
            return items;
        }
        return RoaringBitmap.or(has.words().stream()
                .map(word -> index.withWord(has.name(), word))
                .iterator());
    }

    private RoaringBitmap compare(Expression.Compare compare, RoaringBitmap within) {
        double[] column = index.column(compare.name());
        Expression.Comparison comparison = compare.comparison();
        double value = compare.value();
        if (within.getCardinality() > count / DENSE) {
            long[] holding = holding(column, Math.min(count, column.length), comparison, value);
            within.and(BitSetUtil.bitmapOf(holding));
            return within;
        }
        RoaringBitmapWriter<RoaringBitmap> found = RoaringBitmapWriter.writer().get();
        PeekableIntIterator some = within.getIntIterator();
        while (some.hasNext()) {
            int row = some.next();
            if (row < column.length && comparison.holds(column[row], value)) {
                found.add(row);
            }
        }
        return found.get();
    }

    /**
     * The rows below {@code rows} for which a comparison holds, as bits: row i is bit {@code i % 64} of word {@code i /
     * 64}. Numbers of items are finite, so each comparison is {@code low < x < high}, which takes a third of the time of
     * a call for each row; NaN, no number, is in no interval.
     */
    private static long[] holding(double[] column, int rows, Expression.Comparison comparison, double value) {
        double low = switch (comparison) {
            case LESS, AT_MOST -> Double.NEGATIVE_INFINITY;
            case EQUAL, AT_LEAST -> Math.nextDown(value);
            case GREATER -> value;
        };
        double high = switch (comparison) {
            case LESS -> value;
            case EQUAL, AT_MOST -> Math.nextUp(value);
            case AT_LEAST, GREATER -> Double.POSITIVE_INFINITY;
        };
        long[] words = new long[(rows + Long.SIZE - 1) / Long.SIZE];
        for (int w = 0; w < words.length; w++) {
            int end = Math.min(rows, (w + 1) * Long.SIZE);
            long word = 0;
            for (int row = w * Long.SIZE; row < end; row++) {
                word |= ((column[row] > low ? 1L : 0L) & (column[row] < high ? 1L : 0L)) << row;
            }
            words[w] = word;
        }
        return words;
    }
}
