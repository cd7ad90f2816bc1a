package io.github.ttt4rec.flink.job;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.flink.state.Input;
import io.github.ttt4rec.flink.state.InputSerializer;
import io.github.ttt4rec.flink.state.ModelPackage;
import io.github.ttt4rec.flink.state.ModelPackageSerializer;
import io.github.ttt4rec.flink.state.SavedStateSerializer;
import io.github.ttt4rec.flink.state.UserEvent;
import io.github.ttt4rec.flink.state.UserHistory;
import io.github.ttt4rec.flink.state.UserHistorySerializer;
import io.github.ttt4rec.flink.state.UserRecommendations;
import io.github.ttt4rec.flink.state.UserRequest;
import io.github.ttt4rec.live.LiveState;
import io.github.ttt4rec.live.SavedState;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Keeps users' states, keyed by user id. An event trains the user's fast weights by one step; a request is answered
 * from the query vector after the last event. The model arrives by broadcast.
 *
 * <p><b>Order.</b> A user's events apply in order of arrival, regardless of their times, as in the server, because a
 * gradient step cannot be undone. Sources keep each user's order (a Kafka partition, a file). A metric counts events
 * that are older than an earlier arrival. A request sees all events that arrived before it. Events and requests that
 * arrive before the first model wait for it, in order.
 *
 * <p><b>Exactly once.</b> An event whose id is among the user's kept events changes nothing and produces no output.
 * Flink's checkpoints ensure that neither failure nor rescaling loses an event or applies it twice.
 *
 * <p><b>Models.</b> After a model change a user's events are replayed at the user's next event or request.
 */
public final class RecommendFunction
        extends KeyedBroadcastProcessFunction<String, Input, ModelPackage, UserRecommendations> {
    /** The broadcast state: the model in use, under {@link #CURRENT}. */
    static final MapStateDescriptor<String, ModelPackage> MODELS =
            new MapStateDescriptor<>("model", StringSerializer.INSTANCE, new ModelPackageSerializer());

    private static final String CURRENT = "current";
    private static final ListStateDescriptor<Input> WAITING =
            new ListStateDescriptor<>("waiting-for-model", new InputSerializer());
    private static final ListStateDescriptor<Input> HELD =
            new ListStateDescriptor<>("held-requests", new InputSerializer());
    private static final long serialVersionUID = 1L;

    private final JobSettings settings;
    private transient ValueState<UserHistory> histories;
    private transient ValueState<SavedState> weights;
    private transient ListState<Input> waiting;
    private transient ListState<Input> held;
    private transient Counters counters;
    private transient @Nullable ActiveModel active;

    @SuppressWarnings("NullAway.Init") // Flink calls open first
    RecommendFunction(JobSettings settings) {
        this.settings = settings;
    }

    @Override
    public void open(OpenContext context) {
        histories =
                getRuntimeContext().getState(idle(new ValueStateDescriptor<>("history", new UserHistorySerializer())));
        weights = getRuntimeContext()
                .getState(idle(new ValueStateDescriptor<>("fast-weights", new SavedStateSerializer())));
        waiting = getRuntimeContext().getListState(WAITING);
        held = getRuntimeContext().getListState(HELD);
        counters = new Counters(getRuntimeContext());
    }

    /** Forgets users who have had no event for this long. */
    private <D extends StateDescriptor<?, ?>> D idle(D descriptor) {
        if (!settings.userTtl().isZero()) {
            descriptor.enableTimeToLive(
                    StateTtlConfig.newBuilder(settings.userTtl()).build());
        }
        return descriptor;
    }

    @Override
    public void processElement(Input input, ReadOnlyContext context, Collector<UserRecommendations> out)
            throws Exception {
        boolean untilEnd = input instanceof UserRequest && settings.requestsAtEnd();
        if (untilEnd || settings.lists() == JobSettings.Lists.END) {
            // Runs when all sources have ended.
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
        }
        ModelPackage current = context.getBroadcastState(MODELS).get(CURRENT);
        if (untilEnd) {
            held.add(input);
        } else if (current == null) {
            waiting.add(input);
        } else {
            take(input, use(current), out);
        }
    }

    @Override
    public void processBroadcastElement(ModelPackage model, Context context, Collector<UserRecommendations> out)
            throws Exception {
        BroadcastState<String, ModelPackage> models = context.getBroadcastState(MODELS);
        ModelPackage before = models.get(CURRENT);
        if (before != null && before.version().equals(model.version())) {
            return;
        }
        ActiveModel next = use(model);
        next.warm();
        models.put(CURRENT, model);
        counters.models.inc();
        if (before == null) {
            context.applyToKeyedState(WAITING, (user, inputs) -> {
                for (Input input : inputs.get()) {
                    take(input, next, out);
                }
                inputs.clear();
            });
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<UserRecommendations> out) throws Exception {
        ModelPackage current = context.getBroadcastState(MODELS).get(CURRENT);
        if (current == null) {
            throw new UserFacingException("all events have been read, but no model has arrived");
        }
        ActiveModel model = use(current);
        UserHistory history = history(model);
        if (settings.lists() == JobSettings.Lists.END && history.events() > 0) {
            out.collect(answer(
                    context.getCurrentKey(),
                    UserRecommendations.Reason.END,
                    null,
                    history,
                    settings.k(),
                    settings.filter(),
                    model));
        }
        List<Input> requests = new ArrayList<>();
        held.get().forEach(requests::add);
        held.clear();
        for (Input request : requests) {
            take(request, model, out);
        }
    }

    private ActiveModel use(ModelPackage current) {
        ActiveModel model = active;
        if (model == null || !model.is(current)) {
            model = new ActiveModel(current, settings);
            active = model;
        }
        return model;
    }

    private void take(Input input, ActiveModel model, Collector<UserRecommendations> out) throws IOException {
        switch (input) {
            case UserEvent event -> take(event, model, out);
            case UserRequest request -> {
                counters.requests.inc();
                out.collect(answer(
                        request.user(),
                        UserRecommendations.Reason.REQUEST,
                        request.requestId(),
                        history(model),
                        request.k(),
                        request.filter(),
                        model));
            }
        }
    }

    private void take(UserEvent event, ActiveModel model, Collector<UserRecommendations> out) throws IOException {
        UserHistory before = histories.value();
        String id = event.eventId();
        if (before != null && id != null && before.has(id)) {
            counters.duplicates.inc();
            return;
        }
        counters.events.inc();
        if (!model.knows(event.item())) {
            counters.unknownItems.inc();
        }
        if (before != null && before.isLate(event)) {
            counters.late.inc();
        }
        // If there is no history, any fast weights belong to a user who has been forgotten.
        SavedState saved = before == null ? null : weights.value();
        UserHistory extended = (before == null ? UserHistory.empty() : before).with(event, model.keep());
        UserHistory history = read(extended, saved, model);
        if (settings.lists() == JobSettings.Lists.EVENT) {
            out.collect(answer(
                    event.user(),
                    UserRecommendations.Reason.EVENT,
                    id,
                    history,
                    settings.k(),
                    settings.filter(),
                    model));
        }
    }

    /** Returns the current user's history with this model's query vector; replays it if another model read it last. */
    private UserHistory history(ActiveModel model) throws IOException {
        UserHistory history = histories.value();
        if (history == null) {
            return UserHistory.empty();
        }
        return model.live().accepts(history.stamp()) ? history : read(history, weights.value(), model);
    }

    private UserHistory read(UserHistory history, @Nullable SavedState saved, ActiveModel model) throws IOException {
        LiveState before = model.restore(saved);
        ActiveModel.Read read = model.read(history, before);
        LiveState state = read.state();
        if (state != before && state.hasState()) {
            counters.rebuilt.inc();
        }
        if (state.isReusable(model.live())) {
            weights.update(state.save().orElseThrow());
        } else {
            // The policy starts at another event from the next event on, so these fast weights cannot be continued.
            weights.clear();
        }
        histories.update(read.history());
        return read.history();
    }

    private static UserRecommendations answer(
            String user,
            UserRecommendations.Reason reason,
            @Nullable String id,
            UserHistory history,
            int k,
            ItemFilter filter,
            ActiveModel model) {
        Recommendations best = model.recommend(history, k, filter);
        return new UserRecommendations(
                user,
                reason,
                id,
                history.events(),
                best.basis() == Recommendations.Basis.PERSONAL,
                model.live().model().version(),
                best);
    }
}
