package io.github.ttt4rec.lab.tune;

import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.StopSwitch;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.eval.Protocol;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.Trainer.DivergedException;
import io.github.ttt4rec.train.TrainingState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs trials of proposals, and saves the model of a trial that is better than all before. */
final class Attempts {
    private final TuningPlan plan;
    private final Split split;
    private final TuningListener listener;
    private final StopSwitch stop;
    private final Path checkpoint;
    private final Path modelDirectory;

    /**
     * Runs the trials of a search.
     *
     * @param checkpoint the file that a stopped training is saved to and resumes from
     * @param modelDirectory the directory for the best trial's model
     */
    Attempts(
            TuningPlan plan,
            Split split,
            TuningListener listener,
            StopSwitch stop,
            Path checkpoint,
            Path modelDirectory) {
        this.plan = plan;
        this.split = split;
        this.listener = listener;
        this.stop = stop;
        this.checkpoint = checkpoint;
        this.modelDirectory = modelDirectory;
    }

    /**
     * Fits and validates a proposal.
     *
     * @param before the finished trials
     * @return empty if it was asked to stop
     */
    Optional<Trial> make(Proposal proposal, List<Trial> before) throws InterruptedException {
        RunConfig config = proposal.config();
        int number = before.size() + 1;
        boolean resumed = Files.exists(checkpoint);
        listener.started(number, proposal.values(), resumed);
        long start = System.nanoTime();
        MedianWatch watch = new MedianWatch(plan, listener.training(number), before);
        try (Training run = new Training(split, config, plan.seed(), plan.threads(), watch)) {
            stop.connect(run);
            watch.watch(run);
            if (resumed) {
                run.resume(checkpoint);
            }
            try {
                Optional<TrainedModel> model = run.run(checkpoint);
                if (model.isEmpty() && !watch.isBad()) {
                    return Optional.empty();
                }
                Trial trial = model.isPresent()
                        ? finished(number, proposal, model.get(), run.state(), start)
                        : trained(number, proposal, Trial.Status.STOPPED, run.state(), null);
                if (model.isPresent()
                        && Trial.best(before)
                                .map(best -> trial.score() > best.score())
                                .orElse(true)) {
                    model.get().save(modelDirectory);
                }
                return Optional.of(trial);
            } catch (DivergedException diverged) {
                return Optional.of(trained(number, proposal, Trial.Status.FAILED, run.state(), diverged.where()));
            }
        } finally {
            stop.disconnect();
        }
    }

    /** The trial of a fully fitted model, validated as a whole, including a second stage. */
    private Trial finished(int number, Proposal proposal, TrainedModel model, TrainingState state, long start)
            throws InterruptedException {
        Map<String, Double> metrics = model.provenance().metrics();
        double ndcg = Objects.requireNonNull(metrics.get("validation " + Tuning.OBJECTIVE));
        double hitRate = Objects.requireNonNull(metrics.get("validation HR@10"));
        if (plan.protocol() == Protocol.UNSEEN) {
            EvaluationResult unseen = new Evaluator(plan.evaluation().withBootstrap(0, 0))
                    .evaluate(model.recommender(), split, Split.Part.VALIDATION, (done, total) -> stop.check());
            ndcg = unseen.value(Tuning.OBJECTIVE);
            hitRate = unseen.value("HR@10");
        }
        return new Trial(
                number,
                proposal.values(),
                Trial.Status.FINISHED,
                ndcg,
                hitRate,
                state.bestEpoch(),
                curve(state),
                proposal.config().model() instanceof MemoryBasedConfig
                        ? (System.nanoTime() - start) / 1e9
                        : epochSeconds(state),
                proposal.passedOver(),
                null);
    }

    private static double epochSeconds(TrainingState state) {
        return state.history().stream()
                .mapToDouble(epoch -> epoch.trainSeconds() + epoch.validationSeconds())
                .sum();
    }

    static List<Double> curve(TrainingState state) {
        return state.history().stream().map(EpochRecord::ndcg).toList();
    }

    private Trial trained(
            int number, Proposal proposal, Trial.Status status, TrainingState state, @Nullable String reason) {
        EpochRecord best = reason != null || state.bestEpoch() == 0
                ? null
                : state.history().get(state.bestEpoch() - 1);
        return new Trial(
                number,
                proposal.values(),
                status,
                best == null ? null : best.ndcg(),
                best == null ? null : best.hitRate(),
                best == null ? 0 : best.epoch(),
                curve(state),
                epochSeconds(state),
                proposal.passedOver(),
                reason);
    }
}
