package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.random.SplitMix;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.SequenceRecommender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Turns validation cases into cases of the fit. The softmax over the catalogue is estimated from part of it. The
 * target, the items of the history, the {@value #NETWORK_BEST} best items by the network, the {@value #POPULAR} most
 * popular ones by each popularity and the {@value #RELATED_BEST} most related items are always included, so that the ten
 * best items by any weights are almost always among them. In addition, {@value #SAMPLED} items each are drawn at random from the other
 * related items and from all other items; each drawn item represents its share of the items that it was drawn from.
 */
final class FitCases {
    private static final int NETWORK_BEST = 100;
    private static final int RELATED_BEST = 150;
    private static final int SAMPLED = 100;
    private static final int POPULAR = 50;
    /** The number of cases whose logits are computed at once. */
    private static final int BLOCK = 32;

    private static final int FEATURES = OutputWeights.FEATURES;

    private final ItemTables tables;
    private final ItemFeatures features;
    private final int itemCount;
    private final BitSet all = new BitSet();
    /** For each item, the number of the last case of which it was a candidate. */
    private final int[] marks;

    /** The most popular items by both popularities. */
    private final int[] popular;

    private int mark;
    private int[] candidates = new int[1024];
    private float[] logWeights = new float[1024];
    private int count;

    FitCases(HybridConfig config, ItemTables tables) {
        this.tables = tables;
        features = new ItemFeatures(config, tables);
        itemCount = tables.popularity().length - 1;
        all.set(1, itemCount + 1);
        marks = new int[itemCount + 1];
        popular = IntStream.concat(
                        Arrays.stream(ExactScan.select(tables.popularity(), all, POPULAR)
                                .items()),
                        Arrays.stream(ExactScan.select(tables.freshPopularity(), all, tables.areTimed() ? POPULAR : 0)
                                .items()))
                .toArray();
    }

    /** The users and positions of up to {@code most} random validation cases, in the data's order. */
    static CaseBlock sample(Split split, int most, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long left = split.cases(Part.VALIDATION);
        int wanted = (int) Math.min(most, left);
        int[] users = new int[wanted];
        int[] positions = new int[wanted];
        int taken = 0;
        for (int user = 0; user < split.data().userCount() && taken < wanted; user++) {
            for (int p = split.from(Part.VALIDATION, user);
                    p < split.to(Part.VALIDATION, user) && taken < wanted;
                    p++) {
                if (!split.isCase(user, p)) {
                    continue;
                }
                if (random.nextLong(left--) < wanted - taken) {
                    users[taken] = user;
                    positions[taken++] = p;
                }
            }
        }
        return new CaseBlock(split.data(), users, positions);
    }

    /** Makes all cases. */
    List<FitCase> of(CaseBlock cases, SequenceRecommender network, long seed, Runnable checkpoint) {
        SequenceRecommender.VectorScorer vectors = network.newVectorScorer();
        int d = network.network().hiddenSize();
        List<FitCase> made = new ArrayList<>();
        float[] hidden = new float[BLOCK * d];
        float[] logits = new float[BLOCK * (itemCount + 1)];
        for (int from = 0; from < cases.size(); from += BLOCK) {
            checkpoint.run();
            int to = Math.min(cases.size(), from + BLOCK);
            CaseBlock block = new CaseBlock(
                    cases.data(),
                    Arrays.copyOfRange(cases.users(), from, to),
                    Arrays.copyOfRange(cases.positions(), from, to));
            vectors.vectors(block, hidden);
            network.network().outputLayer().score(block.size(), hidden, logits);
            for (int i = 0; i < block.size(); i++) {
                float[] own = Arrays.copyOfRange(logits, i * (itemCount + 1), (i + 1) * (itemCount + 1));
                SplittableRandom random = new SplittableRandom(SplitMix.mix(seed + from + i));
                made.add(make(block.history(i), block.target(i), own, random));
            }
        }
        return made;
    }

    private FitCase make(History history, int target, float[] logits, SplittableRandom random) {
        features.read(history);
        mark++;
        count = 0;
        add(target, 0);
        for (int slot = 0; slot < features.seenCount(); slot++) {
            add(features.items()[slot], 0);
        }
        for (int item : ExactScan.select(logits, all, NETWORK_BEST).items()) {
            add(item, 0);
        }
        for (int item : popular) {
            add(item, 0);
        }
        addRelated(random);
        addOthers(random);
        return pack(logits);
    }

    private void add(int item, double logWeight) {
        if (marks[item] != mark) {
            marks[item] = mark;
            append(item, logWeight);
        }
    }

    private void append(int item, double logWeight) {
        if (count == candidates.length) {
            candidates = Arrays.copyOf(candidates, 2 * count);
            logWeights = Arrays.copyOf(logWeights, 2 * count);
        }
        candidates[count] = item;
        logWeights[count++] = (float) logWeight;
    }

    private void addRelated(SplittableRandom random) {
        int[] items = new int[features.count()];
        float[] relatedness = new float[features.count()];
        int n = 0;
        for (int slot = features.seenCount(); slot < features.count(); slot++) {
            if (marks[features.items()[slot]] != mark) {
                relatedness[n] = features.relatedness(slot);
                items[n++] = features.items()[slot];
            }
        }
        float[] sorted = Arrays.copyOf(relatedness, n);
        Arrays.sort(sorted);
        float least = n > RELATED_BEST ? sorted[n - RELATED_BEST] : Float.NEGATIVE_INFINITY;
        int rest = 0;
        for (int i = 0; i < n; i++) {
            if (relatedness[i] >= least) {
                add(items[i], 0);
            } else {
                items[rest++] = items[i];
            }
        }
        int drawn = Math.min(SAMPLED, rest);
        for (int i = 0; i < drawn; i++) {
            int j = random.nextInt(i, rest);
            int item = items[j];
            items[j] = items[i];
            items[i] = item;
            add(item, Math.log((double) rest / drawn));
        }
    }

    /** Draws items that have no slot and are not yet candidates. */
    private void addOthers(SplittableRandom random) {
        int others = itemCount - features.count();
        for (int i = 0; i < count; i++) {
            others -= features.contains(candidates[i]) ? 0 : 1;
        }
        if (others <= SAMPLED) {
            for (int item = 1; item <= itemCount; item++) {
                if (!features.contains(item)) {
                    add(item, 0);
                }
            }
            return;
        }
        int drawn = 0;
        while (drawn < SAMPLED) {
            int item = random.nextInt(1, itemCount + 1);
            if (marks[item] != mark && !features.contains(item)) {
                append(item, Math.log((double) others / SAMPLED));
                drawn++;
            }
        }
    }

    private FitCase pack(float[] logits) {
        float[] row = new float[FEATURES];
        int[] offsets = new int[count + 1];
        byte[] kinds = new byte[count * FEATURES];
        float[] values = new float[count * FEATURES];
        int filled = 0;
        for (int c = 0; c < count; c++) {
            int item = candidates[c];
            int slot = features.slotOf(item);
            if (slot >= 0) {
                features.write(slot, row, 0);
            } else {
                Arrays.fill(row, 0);
            }
            row[ItemFeature.NETWORK.column()] = logits[item];
            row[ItemFeature.SEEN_NETWORK.column()] = slot >= 0 && slot < features.seenCount() ? logits[item] : 0;
            row[ItemFeature.POPULARITY.column()] = tables.popularity()[item];
            row[ItemFeature.FRESH_POPULARITY.column()] = tables.freshPopularity()[item];
            for (int f = 0; f < FEATURES; f++) {
                if (row[f] != 0) {
                    kinds[filled] = (byte) f;
                    values[filled++] = row[f];
                }
            }
            offsets[c + 1] = filled;
        }
        return new FitCase(
                features.gates().clone(),
                Arrays.copyOf(logWeights, count),
                offsets,
                Arrays.copyOf(kinds, filled),
                Arrays.copyOf(values, filled));
    }
}
