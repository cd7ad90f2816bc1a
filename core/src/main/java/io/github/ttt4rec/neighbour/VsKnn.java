package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.Recommender;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * V-SKNN, vector multiplication session-based nearest neighbours (Ludewig and Jannach 2018, "Evaluation of session-based
 * recommendation algorithms", arXiv 1803.09587), as its authors' framework session-rec computes it
 * ({@code VMContextKNN}, sampling {@code recent}). The sessions are users: the distinct items among the last
 * {@code maxLen} of a user's training part.
 *
 * <ol>
 *   <li>Candidates are the {@code sampleSize} most recent sessions, by the time of their last event, that share an item
 *       with the query, which is the last {@code maxLen} events of the history.
 *   <li>A candidate's similarity is the sum of the shared items' weights, over the query's number of distinct items; the
 *       weight of the query's i-th event of n is {@code weighting} (an item has that of its last event).
 *   <li>Each of the {@code k} most similar ones gives each of its items its similarity, times {@code scoreWeighting} at how
 *       many steps back the last shared event is, times {@code 1 + idfWeight ln(sessions / sessions with the item)}.
 * </ol>
 *
 * <p>Three rules apply because the protocol cuts users' histories instead of holding out sessions. A user is not their
 * own neighbour while the cases are those of the data this was made from. Sessions with a single item are left out, as
 * session-rec's preprocessing does. Equal similarities prefer the more recent session, equal times the user first in the
 * data; if a file gives only each user's order 1, 2, …, the most recent sessions are the longest.
 */
public final class VsKnn implements Recommender {
    private final VsKnnOptions options;
    private final Dataset madeFrom;
    private final ItemOrder order;
    /** Items of each session; the most recent session is row 0. */
    private final Incidence itemsOf;
    /** Sessions with each item, most recent first. */
    private final Incidence sessionsWith;
    /** Session of each user, −1 for none. */
    private final int[] sessionOf;

    /** Indexes the users of {@code split}'s training part. */
    public VsKnn(Split split, VsKnnOptions options) {
        this.options = options;
        madeFrom = split.data();
        order = ItemOrder.of(split);
        int[] users = IntStream.range(0, madeFrom.userCount())
                .filter(user -> hasTwoItems(split, user, options.maxLen()))
                .boxed()
                .sorted(Comparator.comparingLong((Integer user) -> lastTime(split, user))
                        .reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        itemsOf = Incidence.ofTraining(split, users, options.maxLen());
        sessionsWith = itemsOf.transposed(madeFrom.itemCount() + 1);
        sessionOf = new int[madeFrom.userCount()];
        Arrays.fill(sessionOf, -1);
        for (int session = 0; session < users.length; session++) {
            sessionOf[users[session]] = session;
        }
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
    public int itemCount() {
        return order.itemCount();
    }

    @Override
    public Scorer newScorer() {
        return new NeighbourScorer();
    }

    private final class NeighbourScorer implements Scorer {
        private final ItemOrder.Evidence evidence = order.new Evidence();
        private final double[] similarity = new double[itemsOf.rows()];
        /** Steps back to the last event shared with each session; 0 if none is. */
        private final int[] step = new int[itemsOf.rows()];

        private final int[] candidates = new int[itemsOf.rows()];
        private final long[] keys = new long[itemsOf.rows()];
        private final double[] itemFactor = new double[itemCount() + 1];
        /** The number of the query each item was last seen in. */
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
            boolean known = block.data().equals(madeFrom);
            for (int i = 0; i < block.size(); i++) {
                int user = block.users()[i];
                int own = known ? sessionOf[user] : -1;
                int found = findCandidates(block.data(), user, block.positions()[i], own);
                addNeighbours(found);
                evidence.writeTo(scores, i * (itemCount() + 1));
            }
        }

        /** Sets similarity and step of all candidates; returns how many there are. */
        private int findCandidates(Dataset data, int user, int position, int own) {
            query++;
            int length = Math.min(position, options.maxLen());
            int found = 0;
            int distinct = 0;
            for (int back = 1; back <= length; back++) {
                int item = data.item(user, position - back);
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
                // The most recent sessions of all lists are among the most recent ones of each (and one may be the
                // user's).
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

        /** Adds the items of the nearest neighbours among the candidates, and resets these. */
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
