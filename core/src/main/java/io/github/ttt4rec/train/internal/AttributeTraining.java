package io.github.ttt4rec.train.internal;

import io.github.ttt4rec.autograd.PackedMatrix;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.internal.Parallel;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.random.SplitMix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains vectors of attributes with a network. Each row of an item table, which the network reads and scores with, is
 * {@code E[i] = m[i] · I[i] + Σ_f w[i,f] · C[f]}: the item's own vector I, which training would have learned without
 * attributes, and the sum over its features. In each step, some items lose their own vector (m = 0), on the input and on
 * the output side, so that the features learn to stand for items without events. An item without training events never
 * has one, because it would only learn that the item is never bought. Two tables have a part each.
 *
 * <p>I and C are parameters of the network's set, beside the table itself. {@link #combine} computes the table before a
 * step, {@link #distribute} moves the gradient of the table to I and C after it; the table has none left and so does not
 * move by itself.
 */
public final class AttributeTraining {
    private static final Kernels KERNELS = Kernels.active();
    private static final String OWN = AttributeEncoder.PREFIX + "own.";
    private static final String VECTORS = AttributeEncoder.PREFIX + "vectors.";
    /** The most features whose vectors are learned. */
    private static final int MAX_FEATURES = 1 << 16;
    /** The standard deviation of the vectors before training, that of item embeddings. */
    private static final double SPREAD = 0.02;
    /** Separates the random bits of vectors and of dropped items from others of the same seed. */
    private static final long INITIAL = 0x6A09E667F3BCC909L;

    private static final long DROPPED = 0x3C6EF372FE94F82BL;

    private final FeatureVocabulary vocabulary;
    private final Items items;
    private final List<Part> parts;
    private final double dropout;
    /** The features of row i are those from {@code offsets[i]} to {@code offsets[i + 1]}. */
    private final int[] offsets;

    private final int[] features;
    private final float[] weights;
    /** The same by feature: the rows with feature f, ascending, and its weight in each. */
    private final int[] featureOffsets;

    private final int[] rowsOfFeatures;
    private final float[] weightsInRows;

    /** A table, the items' own vectors and the features' vectors, all of one width. */
    private record Part(Parameter table, Parameter own, Parameter vectors) {
        int width() {
            return table.extent(1);
        }

        int rows() {
            return table.extent(0);
        }
    }

    /**
     * The items of a network.
     *
     * @param ids their ids
     * @param attributes the attributes of items by id; those of items that the network does not have are ignored
     * @param events the number of training events of each item by index, {@code V + 1}
     */
    public record Items(IdMap ids, Map<String, ItemAttributes> attributes, long[] events) {}

    /**
     * Adds the parameters to a network that has been initialised, whose items keep their initial vectors as their own.
     *
     * @param items the network's items
     * @param dropout the share of items with attributes that lose their own vector in a step
     * @param seed the seed of the initial vectors of the features
     */
    public AttributeTraining(SequenceModel network, Items items, double dropout, long seed) {
        this.items = items;
        this.dropout = dropout;
        Map<String, ItemAttributes> attributes = items.attributes();
        List<ItemAttributes> known = items.ids().names().stream()
                .map(attributes::get)
                .filter(own -> own != null)
                .toList();
        vocabulary = FeatureVocabulary.of(known, MAX_FEATURES, MAX_FEATURES);
        List<FeatureVocabulary.Row> rows = new ArrayList<>();
        FeatureVocabulary.Row none = new FeatureVocabulary.Row(new int[0], new double[0]);
        rows.add(none);
        for (String name : items.ids().names()) {
            ItemAttributes own = attributes.get(name);
            rows.add(own == null ? none : vocabulary.row(own));
        }
        offsets = new int[rows.size() + 1];
        for (int i = 0; i < rows.size(); i++) {
            offsets[i + 1] = Math.addExact(offsets[i], rows.get(i).columns().length);
        }
        features = new int[offsets[rows.size()]];
        weights = new float[features.length];
        featureOffsets = new int[vocabulary.size() + 1];
        for (int i = 0; i < rows.size(); i++) {
            for (int f = 0; f < rows.get(i).columns().length; f++) {
                features[offsets[i] + f] = rows.get(i).columns()[f];
                weights[offsets[i] + f] = (float) rows.get(i).values()[f];
                featureOffsets[features[offsets[i] + f] + 1]++;
            }
        }
        Arrays.parallelPrefix(featureOffsets, Integer::sum);
        rowsOfFeatures = new int[features.length];
        weightsInRows = new float[features.length];
        int[] next = featureOffsets.clone();
        for (int i = 0; i < rows.size(); i++) {
            for (int at = offsets[i]; at < offsets[i + 1]; at++) {
                int place = next[features[at]]++;
                rowsOfFeatures[place] = i;
                weightsInRows[place] = weights[at];
            }
        }
        ParameterSet parameters = network.parameters();
        parts = Stream.of(network.inputTable(), network.outputTable())
                .distinct()
                .map(table -> part(parameters, table, seed))
                .toList();
    }

    private Part part(ParameterSet parameters, Parameter table, long seed) {
        // Without a second dimension, because no packed form is needed.
        Parameter own = parameters.declare(OWN + table.name(), Parameter.Init.ZERO, table.size());
        Parameter vectors =
                parameters.declare(VECTORS + table.name(), Parameter.Init.NORMAL, vocabulary.size() * table.extent(1));
        System.arraycopy(table.value(), 0, own.value(), 0, own.size());
        clearUnseen(own, table.extent(1));
        SplittableRandom random = new SplittableRandom(SplitMix.mix(seed ^ INITIAL) + table.index());
        for (int i = 0; i < vectors.size(); i++) {
            vectors.value()[i] = (float) (SPREAD * random.nextGaussian());
        }
        return new Part(table, own, vectors);
    }

    private void clearUnseen(Parameter own, int width) {
        for (int row = 1; row < offsets.length - 1; row++) {
            if (isUnseen(row)) {
                Arrays.fill(own.value(), row * width, (row + 1) * width, 0f);
            }
        }
    }

    /** Returns whether an item has features and no training events. */
    private boolean isUnseen(int row) {
        return items.events()[row] == 0 && offsets[row] < offsets[row + 1];
    }

    /**
     * Makes the table of the network the current one: items get as their own vector the difference between their row and
     * the sum over their features.
     *
     * @param before the encoder of an earlier run, whose vectors of features are taken over; null for none
     */
    public void continueFrom(@Nullable AttributeEncoder before) {
        for (Part part : parts) {
            int width = part.width();
            float[] vectors = part.vectors().value();
            if (before != null) {
                float[] earlier = before.vectors(part.table().name());
                for (int f = 0; f < vocabulary.size(); f++) {
                    int column = before.vocabulary().column(vocabulary.hashes()[f]);
                    if (column < 0) {
                        Arrays.fill(vectors, f * width, (f + 1) * width, 0f);
                    } else {
                        System.arraycopy(earlier, column * width, vectors, f * width, width);
                    }
                }
            }
            System.arraycopy(
                    part.table().value(), 0, part.own().value(), 0, part.own().size());
            for (int row = 1; row < offsets.length - 1; row++) {
                add(part, row, -1, part.own().value());
            }
            clearUnseen(part.own(), width);
        }
    }

    /** Adds a multiple of the sum over a row's features to the row in {@code to}. */
    private void add(Part part, int row, float factor, float[] to) {
        int width = part.width();
        for (int at = offsets[row]; at < offsets[row + 1]; at++) {
            KERNELS.axpy(width, factor * weights[at], part.vectors().value(), features[at] * width, to, row * width);
        }
    }

    /** The number of features. */
    public int features() {
        return vocabulary.size();
    }

    /** The number of values of the tables, which the training does not learn themselves. */
    public long combined() {
        return parts.stream().mapToLong(part -> part.table().size()).sum();
    }

    /** Computes the tables with all items' own vectors. */
    public void combine(Parallel workers) throws InterruptedException {
        workers.run(worker -> combine(row -> row >= offsets.length - 1 || !isUnseen(row), worker, workers.workers()));
    }

    /** Computes the tables for a step, in which the items that {@code seed} decides lack their own vectors. */
    public void combine(long seed, Parallel workers) throws InterruptedException {
        workers.run(worker -> combine(row -> keeps(row, seed), worker, workers.workers()));
    }

    /** Returns whether an item keeps its own vector in a step. Items without features always do. */
    private boolean keeps(int row, long seed) {
        if (row >= offsets.length - 1 || offsets[row] == offsets[row + 1]) {
            return true;
        }
        return !isUnseen(row) && (SplitMix.mix((seed ^ DROPPED) + SplitMix.mix(row)) >>> 11) * 0x1p-53 >= dropout;
    }

    private interface Keeps {
        boolean row(int row);
    }

    private void combine(Keeps keeps, int worker, int workers) {
        for (Part part : parts) {
            int panels = part.table().packed().panelCount();
            int first = (int) ((long) panels * worker / workers);
            int last = (int) ((long) panels * (worker + 1) / workers);
            int width = part.width();
            float[] table = part.table().value();
            for (int row = first * PackedMatrix.PANEL; row < Math.min(last * PackedMatrix.PANEL, part.rows()); row++) {
                if (keeps.row(row)) {
                    System.arraycopy(part.own().value(), row * width, table, row * width, width);
                } else {
                    Arrays.fill(table, row * width, (row + 1) * width, 0f);
                }
                if (row < offsets.length - 1) {
                    add(part, row, 1, table);
                }
            }
            part.table().packed().pack(table, first, last);
        }
    }

    /**
     * Moves the sum of the tapes' gradients of the tables to the items' own vectors and the vectors of the features.
     *
     * @param seed the seed of the last {@link #combine(long, Parallel)}
     */
    public void distribute(List<Tape> tapes, long seed, Parallel workers) throws InterruptedException {
        for (Part part : parts) {
            workers.run(worker -> gather(part, tapes, seed, worker, workers.workers()));
            workers.run(worker -> toFeatures(part, tapes.getFirst(), worker, workers.workers()));
            workers.run(worker -> {
                int from = (int) ((long) part.table().size() * worker / workers.workers());
                int to = (int) ((long) part.table().size() * (worker + 1) / workers.workers());
                Arrays.fill(tapes.getFirst().gradient(part.table()), from, to, 0f);
            });
        }
    }

    /** Sums the gradients of some rows in the order of the tapes, in the first tape, and those of their own vectors. */
    private void gather(Part part, List<Tape> tapes, long seed, int worker, int workers) {
        int width = part.width();
        int first = Math.max(1, (int) ((long) part.rows() * worker / workers));
        int last = (int) ((long) part.rows() * (worker + 1) / workers);
        float[] sum = tapes.getFirst().gradient(part.table());
        for (Tape tape : tapes.subList(1, tapes.size())) {
            float[] more = tape.gradient(part.table());
            KERNELS.axpy((last - first) * width, 1f, more, first * width, sum, first * width);
            Arrays.fill(more, first * width, last * width, 0f);
        }
        float[] own = tapes.getFirst().gradient(part.own());
        for (int row = first; row < last; row++) {
            if (keeps(row, seed)) {
                System.arraycopy(sum, row * width, own, row * width, width);
            }
        }
    }

    private void toFeatures(Part part, Tape tape, int worker, int workers) {
        int width = part.width();
        float[] sum = tape.gradient(part.table());
        float[] vectors = tape.gradient(part.vectors());
        // Equal numbers of entries, because features differ much in frequency.
        int from = (int) ((long) rowsOfFeatures.length * worker / workers);
        int to = (int) ((long) rowsOfFeatures.length * (worker + 1) / workers);
        for (int f = 0; f < vocabulary.size(); f++) {
            if (featureOffsets[f] >= from && featureOffsets[f] < to) {
                for (int at = featureOffsets[f]; at < featureOffsets[f + 1]; at++) {
                    KERNELS.axpy(width, weightsInRows[at], sum, rowsOfFeatures[at] * width, vectors, f * width);
                }
            }
        }
    }

    /** The trained encoder; the values are copied. */
    public AttributeEncoder encoder() {
        Map<String, float[]> vectors = new LinkedHashMap<>();
        for (Part part : parts) {
            vectors.put(part.table().name(), part.vectors().value().clone());
        }
        return new AttributeEncoder(vocabulary, vectors);
    }
}
