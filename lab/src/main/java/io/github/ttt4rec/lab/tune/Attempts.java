package io.github.ttt4rec.lab.tune;

import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.StopSwitch;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.train.DivergedException;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.StopException;
import io.github.ttt4rec.train.TrainingState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes trials of proposals, and saves the network of one that is better than all before. */
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
     * @param modelDirectory for the best trial's network
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
     * Trains or counts, and validates.
     *
     * @param before the trials that are over
     * @return empty if a training was asked to stop
     * @throws StopException if a validation was
     */
    Optional<Trial> make(Proposal proposal, List<Trial> before) throws InterruptedException {
        return switch (proposal.subject()) {
            case Subject.Network network -> train(proposal, network.shared(), before);
            case Subject.Neighbours neighbours -> Optional.of(count(proposal, neighbours, before.size() + 1));
        };
    }

    private Trial count(Proposal proposal, Subject.Neighbours neighbours, int number) throws InterruptedException {
        listener.started(number, proposal.values(), false);
        long start = System.nanoTime();
        Recommender recommender = neighbours.config().method().create(split);
        EvaluationResult result = new Evaluator(
                        plan.evaluation(neighbours.shared()).withKs(List.of(10)))
                .evaluate(recommender, split, Part.VALIDATION, (done, total) -> {
                    stop.check();
                    listener.validating(number, done, total);
                });
        return new Trial(
                number,
                proposal.values(),
                Trial.Status.FINISHED,
                result.value(Tuning.OBJECTIVE),
                result.value("HR@10"),
                0,
                List.of(),
                (System.nanoTime() - start) / 1e9,
                proposal.passedOver(),
                null);
    }

    private Optional<Trial> train(Proposal proposal, RunConfig config, List<Trial> before) throws InterruptedException {
        int number = before.size() + 1;
        boolean resumed = Files.exists(checkpoint);
        listener.started(number, proposal.values(), resumed);
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
                Trial.Status status = model.isPresent() ? Trial.Status.FINISHED : Trial.Status.STOPPED;
                Trial trial = trained(number, proposal, status, run.state(), null);
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
                state.history().stream()
                        .mapToDouble(epoch -> epoch.trainSeconds() + epoch.validationSeconds())
                        .sum(),
                proposal.passedOver(),
                reason);
    }
}
