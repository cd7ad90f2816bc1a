package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.serve.store.ShownItem;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Makes several lists for one user, none of which repeats an item of an earlier one. Not thread-safe. */
final class ShelfMaker {
    private final ModelSlot slot;
    private final ItemOrders orders;
    private final ListSource source;
    private final int[] history;
    private final long events;
    private final Supplier<List<ShownItem>> shown;
    private final Map<Integer, Double> lowered;
    /** The items of the lists made so far. */
    private final BitSet used = new BitSet();

    /**
     * Creates lists for one user.
     *
     * @param source the evidence for lists of kind {@code PERSONAL} and {@code BECAUSE}
     * @param history indices of the user's items, oldest first, 0 for unknown ones
     * @param events the number of events that the query reflects
     * @param shown reads the items that the user was shown but did not take
     * @param lowered see {@link ReadEvents#lowered}
     */
    ShelfMaker(
            ModelSlot slot,
            ItemOrders orders,
            ListSource source,
            int[] history,
            long events,
            Supplier<List<ShownItem>> shown,
            Map<Integer, Double> lowered) {
        this.lowered = lowered;
        this.slot = slot;
        this.orders = orders;
        this.source = source;
        this.history = history;
        this.events = events;
        this.shown = shown;
    }

    /** Makes lists, in order. */
    List<Shelf> make(List<ShelfRequest> requests) {
        List<Shelf> shelves = new ArrayList<>(requests.size());
        for (ShelfRequest request : requests) {
            Shelf shelf = shelf(request);
            for (Recommendation item : shelf.list().items()) {
                used.set(slot.live().index(item.item()));
            }
            shelves.add(shelf);
        }
        return shelves;
    }

    private Shelf shelf(ShelfRequest request) {
        ListRequest list = request.list();
        return switch (request.kind()) {
            case PERSONAL ->
                new Shelf(request, source.list(slot.lists(), list, admitted(list, source.seen()), events), null);
            case SIMILAR ->
                new Shelf(
                        request,
                        slot.lists().similar(request.items().getFirst(), list, admitted(list, history), events),
                        null);
            case BOUGHT_TOGETHER ->
                sorted(request, together(slot.live().index(request.items().getFirst())), history);
            case BECAUSE -> because(request);
            case TRENDING -> sorted(request, orders.trending(slot), history);
            case NEW -> sorted(request, orders.newest(slot), history);
            case POPULAR -> sorted(request, orders.popular(slot), history);
            case RECENTLY_VIEWED -> sorted(request, recent());
            case COMPLETE -> complete(request);
        };
    }

    private Admitted admitted(ListRequest list, int... seen) {
        return slot.fading(slot.admitted(list, seen).without(used), list, shown, lowered);
    }

    private Shelf sorted(ShelfRequest request, Ranked order, int... seen) {
        ListRequest list = request.list();
        return new Shelf(request, slot.lists().sorted(order, list, admitted(list, seen), events), null);
    }

    private Ranked together(int item) {
        return slot.model()
                .recommender()
                .boughtTogether(item)
                .orElseThrow(() -> new UserFacingException("a model of type "
                        + slot.info().type()
                        + " has no counts of items that users had together; the default type, hybrid, has"));
    }

    private Ranked recent() {
        Set<Integer> newestFirst = new LinkedHashSet<>();
        for (int i = history.length - 1; i >= 0; i--) {
            if (history[i] != 0) {
                newestFirst.add(history[i]);
            }
        }
        return ItemOrders.byRank(
                newestFirst.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Makes the list for the item that the request names, or for the user's latest item that has related items. */
    private Shelf because(ShelfRequest request) {
        ListRequest list = request.list();
        Admitted admitted = admitted(list, history);
        int[] items = request.items().isEmpty()
                ? recent().items()
                : new int[] {slot.live().index(request.items().getFirst())};
        Optional<BitSet> related = Optional.empty();
        int because = 0;
        for (int i = 0; i < items.length && related.isEmpty(); i++) {
            because = items[i];
            BitSet others = new BitSet();
            for (int other : together(because).items()) {
                others.set(other);
            }
            others.clear(because);
            related = Optional.of(others).filter(set -> set.intersects(admitted.items()));
        }
        return new Shelf(
                request,
                source.list(slot.lists(), list, admitted.among(related.orElseGet(BitSet::new)), events),
                related.isEmpty() ? null : slot.model().items().name(because));
    }

    private Shelf complete(ShelfRequest request) {
        int[] basket = slot.live().indices(request.items());
        BitSet had = new BitSet();
        for (int item : basket) {
            had.set(item);
        }
        ListRequest list = request.list();
        return new Shelf(
                request,
                slot.lists()
                        .recommend(
                                slot.read(basket), list, admitted(list, basket).without(had), basket.length),
                null);
    }
}
