package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.random.SplitMix;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.MemoryBasedRecommender;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * V-SKNN, vector multiplication session-based nearest neighbours (Ludewig and Jannach 2018, "Evaluation of
 * session-based recommendation algorithms", arXiv 1803.09587), as its authors' framework session-rec implements it
 * ({@code VMContextKNN}, sampling {@code recent}). A session is a user here: the distinct items among the last
 * {@code maxLen} of the user's training part.
 *
 * <ol>
 * <li>Candidates are the {@code sampleSize} most recent sessions, by the time of their last event, that share an item
 * with the query, which is the last {@code maxLen} events of the history.
 * <li>A candidate's similarity is the sum of the weights of the shared items, divided by the number of distinct items
 * of the query. {@code weighting} gives the weight of the i-th of the query's n events; an item has the weight of its
 * last event.
 * <li>Each of the {@code k} most similar candidates adds to the score of each of its items its similarity, times
 * {@code scoreWeighting} for the number of steps back to the last shared event, times
 * {@code 1 + idfWeight ln(sessions / sessions with the item)}.
 * </ol>
 *
 * <p>Three rules apply because the protocol cuts users' histories instead of holding out sessions. A user is not their
 * own neighbour if the cases come from the data that the tables were computed from. Sessions with a single item are
 * left out, as session-rec's preprocessing does. Ties in similarity go to the more recent session, and ties in time to
 * the user who comes first in the data. If a file has only each user's order 1, 2, …, the most recent sessions are the
 * longest ones.
 */
public final class VsKnn extends MemoryBasedRecommender {
    /**
     * The settings of {@link VsKnn}.
     *
     * @param k the number of neighbours, at least 1
     * @param sampleSize the number of recent sessions among which they are searched, at least 1
     * @param maxLen the maximum length of sessions and queries, at least 1
     * @param weighting the weights of a query's events
     * @param scoreWeighting the weight of a neighbour by its last shared event
     * @param idfWeight at least 0; larger values raise the scores of rare items
     * @param remind whether the query's own items are scored; if not, they rank with the items that no neighbour has
     */
    public record Options(
            int k,
            int sampleSize,
            int maxLen,
            Weighting weighting,
            Weighting scoreWeighting,
            double idfWeight,
            boolean remind)
            implements MemoryBasedConfig {
        public Options {
            if (k < 1 || sampleSize < 1 || maxLen < 1 || !(idfWeight >= 0 && idfWeight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "k " + k + ", sampleSize " + sampleSize + ", maxLen " + maxLen + ", idfWeight " + idfWeight);
            }
        }

        /** The defaults of session-rec: k 100, sample 1,000, div twice, no idf, reminders; and the last 50 events. */
        public static Options defaults() {
            return new Options(100, 1000, 50, Weighting.DIV, Weighting.DIV, 0, true);
        }

        @Override
        public String type() {
            return "vsknn";
        }

        @Override
        public VsKnn create(Split split) {
            return new VsKnn(split, this);
        }

        @Override
        public VsKnn load(TensorFile tables, int itemCount) {
            return VsKnn.load(this, tables, itemCount);
        }

        /** How weight decreases with distance from the newest event. */
        public enum Weighting {
            /** The same weight for all events. */
            SAME,
            /** i / n in the query, 1 / step in the score. */
            DIV,
            /** The square of {@link #DIV}. */
            QUADRATIC,
            /** 1 / log10(n − i + 1.7) in the query, 1 / log10(step + 1.7) in the score. */
            LOG;

            /** The weight of event {@code i}, counted from 1, of a query of {@code n} events. */
            double inQuery(int i, int n) {
                return switch (this) {
                    case SAME -> 1;
                    case DIV -> (double) i / n;
                    case QUADRATIC -> (double) i / n * i / n;
                    case LOG -> 1 / Math.log10(n - i + 1.7);
                };
            }

            /**
             * The weight of a session whose last shared event is {@code step} events back; the newest event has step 1.
             */
            double inScore(int step) {
                return switch (this) {
                    case SAME -> 1;
                    case DIV -> 1.0 / step;
                    case QUADRATIC -> 1.0 / step / step;
                    case LOG -> 1 / Math.log10(step + 1.7);
                };
            }
        }
    }

    private static final String OFFSETS = "session_offsets";
    private static final String ITEMS = "session_items";
    private static final String SESSIONS = "session_of_user";
    private static final String DATA = "data_fingerprint";

    private final Options options;
    /** The {@link #fingerprint} of the data that the tables were computed from. */
    private final long madeFrom;

    private final ItemOrder order;
    /** The items of each session; the most recent session is row 0. */
    private final Incidence itemsOf;
    /** The sessions with each item, most recent first. */
    private final Incidence sessionsWith;
    /** The session of each user; −1 for none. */
    private final int[] sessionOf;

    private VsKnn(Options options, long madeFrom, ItemOrder order, Incidence itemsOf, int[] sessionOf) {
        super(order.itemCount(), options.maxLen());
        this.options = options;
        this.madeFrom = madeFrom;
        this.order = order;
        this.itemsOf = itemsOf;
        this.sessionOf = sessionOf;
        sessionsWith = itemsOf.transposed(order.itemCount() + 1);
    }

    /** Indexes the users of {@code split}'s training part. */
    public VsKnn(Split split, Options options) {
        this(split, options, sessions(split, options));
    }

    private VsKnn(Split split, Options options, int[] users) {
        this(
                options,
                fingerprint(split.data()),
                ItemOrder.of(split),
                Incidence.ofTraining(split, users, options.maxLen()),
                inverse(users, split.data().userCount()));
    }

    /** Restores the recommender from its {@link #tensors}. */
    static VsKnn load(Options options, TensorFile tables, int itemCount) {
        int[] items = tables.ints(ITEMS, tables.shape(ITEMS));
        int[] offsets = tables.ints(OFFSETS, tables.shape(OFFSETS));
        int[] sessionOf = tables.ints(SESSIONS, tables.shape(SESSIONS));
        tables.requireOffsets(OFFSETS, items.length);
        tables.requireRange(ITEMS, 1, itemCount);
        tables.requireRange(SESSIONS, -1, offsets.length - 2);
        return new VsKnn(
                options,
                tables.longs(DATA, 1)[0],
                ItemOrder.load(tables, itemCount),
                new Incidence(offsets, items),
                sessionOf);
    }

    @Override
    public List<TensorData> tensors() {
        return List.of(
                new TensorData.Ints(OFFSETS, new int[] {itemsOf.offsets().length}, itemsOf.offsets()),
                new TensorData.Ints(ITEMS, new int[] {itemsOf.columns().length}, itemsOf.columns()),
                new TensorData.Ints(SESSIONS, new int[] {sessionOf.length}, sessionOf),
                new TensorData.Longs(DATA, new int[] {1}, new long[] {madeFrom}),
                order.tensor());
    }

    /** A hash of all users' events, for recognising the same data. */
    private static long fingerprint(Dataset data) {
        long hash = 0;
        for (int offset : data.offsets()) {
            hash = SplitMix.mix(hash + offset + 1);
        }
        for (int event : data.events()) {
            hash = SplitMix.mix(hash + event);
        }
        return hash;
    }

    /** The users with a session, ordered by their last training event, the most recent first. */
    private static int[] sessions(Split split, Options options) {
        return IntStream.range(0, split.data().userCount())
                .filter(user -> hasTwoItems(split, user, options.maxLen()))
                .boxed()
                .sorted(Comparator.comparingLong((Integer user) -> lastTime(split, user))
                        .reversed())
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static int[] inverse(int[] users, int userCount) {
        int[] sessionOf = new int[userCount];
        Arrays.fill(sessionOf, -1);
        for (int session = 0; session < users.length; session++) {
            sessionOf[users[session]] = session;
        }
        return sessionOf;
    }

    private static boolean hasTwoItems(Split split, int user, int maxLen) {
        int end = split.trainingLength(user);
        return IntStream.range(Math.max(0, end - maxLen), end)
                .anyMatch(p -> split.data().item(user, p) != split.data().item(user, end - 1));
    }

    private static long lastTime(Split split, int user) {
        return split.data().times()[split.data().start(user) + split.trainingLength(user) - 1];
    }

    @Override
    protected HistoryScorer newHistoryScorer() {
        NeighbourScorer scorer = new NeighbourScorer();
        return (history, out, offset) -> scorer.score(history, -1, out, offset);
    }

    /**
     * A scorer that excludes users from their own neighbours if the cases come from the data that the tables were
     * computed from.
     */
    @Override
    public Scorer newScorer() {
        return new NeighbourScorer();
    }

    private final class NeighbourScorer implements Scorer {
        /** The data of the last block, and whether the tables were computed from it. */
        private @Nullable Dataset data;

        private boolean known;

        private final ItemOrder.Evidence evidence = order.new Evidence();
        private final double[] similarity = new double[itemsOf.rows()];
        /** The number of steps back to the last event shared with each session; 0 if there is none. */
        private final int[] step = new int[itemsOf.rows()];

        private final int[] candidates = new int[itemsOf.rows()];
        private final long[] keys = new long[itemsOf.rows()];
        private final double[] itemFactor = new double[itemCount() + 1];
        /** The number of the query in which each item last occurred. */
        private final long[] seenIn = new long[itemCount() + 1];

        private long query;

        NeighbourScorer() {
            for (int item = 1; item <= itemCount(); item++) {
                double idf = Math.log((double) itemsOf.rows() / Math.max(1, sessionsWith.count(item)));
                itemFactor[item] = 1 + options.idfWeight() * idf;
            }
        }

        @Override
        public void score(CaseBlock block, float[] scores) {
            if (!block.data().equals(data)) {
                data = block.data();
                known = fingerprint(block.data()) == madeFrom;
            }
            for (int i = 0; i < block.size(); i++) {
                int own = known ? sessionOf[block.users()[i]] : -1;
                score(block.history(i), own, scores, i * (itemCount() + 1));
            }
        }

        private void score(History history, int own, float[] scores, int offset) {
            addNeighbours(findCandidates(history, own));
            evidence.writeTo(scores, offset);
        }

        /** Computes the similarity and the step of all candidates; returns their number. */
        private int findCandidates(History history, int own) {
            query++;
            int length = Math.min(history.size(), options.maxLen());
            int found = 0;
            int distinct = 0;
            for (int back = 1; back <= length; back++) {
                int item = history.item(history.size() - back);
                if (seenIn[item] == query) {
                    continue;
                }
                seenIn[item] = query;
                distinct++;
                if (!options.remind()) {
                    evidence.exclude(item);
                }
                double weight = options.weighting().inQuery(length - back + 1, length);
                int from = sessionsWith.offsets()[item];
                // The most recent sessions of the union are among the most recent ones of each item (one of which may
                // be the user's own).
                int to = (int) Math.min(sessionsWith.offsets()[item + 1], from + 1L + options.sampleSize());
                for (int i = from; i < to; i++) {
                    int session = sessionsWith.columns()[i];
                    if (session == own) {
                        continue;
                    }
                    if (step[session] == 0) {
                        step[session] = back;
                        candidates[found++] = session;
                    }
                    similarity[session] += weight;
                }
            }
            for (int i = 0; i < found; i++) {
                similarity[candidates[i]] /= distinct;
            }
            return found;
        }

        /** Adds the items of the nearest neighbours among the candidates, and resets the candidates. */
        private void addNeighbours(int found) {
            int sampled = found;
            if (found > options.sampleSize()) {
                Arrays.sort(candidates, 0, found);
                sampled = options.sampleSize();
            }
            for (int i = 0; i < sampled; i++) {
                keys[i] = ItemOrder.key((float) similarity[candidates[i]], candidates[i]);
            }
            Arrays.sort(keys, 0, sampled);
            for (int i = 0; i < Math.min(sampled, options.k()); i++) {
                int session = (int) keys[i];
                double vote = similarity[session] * options.scoreWeighting().inScore(step[session]);
                for (int j = itemsOf.offsets()[session]; j < itemsOf.offsets()[session + 1]; j++) {
                    int item = itemsOf.columns()[j];
                    evidence.add(item, vote * itemFactor[item]);
                }
            }
            for (int i = 0; i < found; i++) {
                similarity[candidates[i]] = 0;
                step[candidates[i]] = 0;
            }
        }
    }
}
