package io.github.ttt4rec.benchmarks.micro;

import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.benchmarks.models.MadeUpModels;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendation;
import java.util.BitSet;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The best items of the catalogue for one user: all scores, and the selection. */
@State(Scope.Thread)
public class RecommendBenchmark implements Counted {
    private static final int K = 10;

    /** The number of items V; 10,672 is that of Amazon Video Games. */
    @Param("10672")
    public int items;

    private ModelReader reader;
    private BitSet allowed;
    private float[][] users;
    private int next;

    /** Creates a catalogue and some users. */
    @Setup
    public void setUp() {
        TrainedModel model = MadeUpModels.of(items);
        reader = model.newReader();
        allowed = ItemFilter.NONE.allowed(model.items());
        users = new float[64][];
        for (int user = 0; user < users.length; user++) {
            users[user] = reader.append(model.network().newState(), Inputs.indices(user + 1, items));
        }
    }

    /** The scores of all items. */
    @Benchmark
    public float[] scores() {
        return reader.score(Query.of(user()));
    }

    /** The ten best items. */
    @Benchmark
    public List<Recommendation> top10() {
        return reader.recommend(Query.of(user()), K, allowed);
    }

    private float[] user() {
        next = (next + 1) % users.length;
        return users[next];
    }

    @Override
    public Work work(String method) {
        double table = (double) (items + 1) * MadeUpModels.HIDDEN_SIZE;
        return Work.of(2 * table, Float.BYTES * table, 1, "lists");
    }
}
