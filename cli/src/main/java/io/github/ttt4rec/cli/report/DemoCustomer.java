package io.github.ttt4rec.cli.report;

import io.github.ttt4rec.api.Session;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A customer who visits the shop in the test period.
 *
 * @param id the customer's id
 * @param earlier the purchases before this visit, oldest first
 * @param earlierTimes the times of those purchases
 * @param earlierVisits the number of visits before this one
 * @param firstTime the time of the first earlier visit
 * @param lastTime the time of the last earlier visit
 * @param visit the purchases of this visit, in order
 * @param visitTime the time of this visit
 * @param before the recommendations after the first {@link #IN_BASKET} purchases of this visit
 * @param after the recommendations after one more
 */
public record DemoCustomer(
        String id,
        List<String> earlier,
        List<Long> earlierTimes,
        int earlierVisits,
        long firstTime,
        long lastTime,
        List<String> visit,
        long visitTime,
        List<Recommendation> before,
        List<Recommendation> after) {

    /** The length of the lists. */
    static final int LIST = 10;

    /** The number of products in the basket when the first list is made. */
    static final int IN_BASKET = 2;

    private static final int CUSTOMERS = 3;
    private static final int MIN_EARLIER = 15;
    private static final int MIN_VISITS = 2;
    private static final int MIN_BOUGHT = 6;

    /**
     * Selects the first customers of the file who visit in the test period after 15 to 47 purchases in at least two
     * visits, buy at least six products, and get recommendations that have no product in common. The quality of the
     * recommendations plays no part in the selection.
     */
    public static List<DemoCustomer> choose(Split split, TrainedModel model) {
        Dataset data = split.data();
        List<DemoCustomer> chosen = new ArrayList<>();
        Set<String> recommended = new HashSet<>();
        // With the purchases shown, the history still fits the model's max_len.
        int mostEarlier = model.config().train().maxLen() - IN_BASKET - 1;
        for (int user = 0; user < data.userCount() && chosen.size() < CUSTOMERS; user++) {
            int start = firstVisit(split, user);
            int end = endOfVisit(data, user, start);
            if (start < MIN_EARLIER
                    || start > mostEarlier
                    || end - start < MIN_BOUGHT
                    || visits(data, user, start) < MIN_VISITS) {
                continue;
            }
            DemoCustomer customer = of(data, user, start, end, model);
            List<String> items =
                    customer.before.stream().map(Recommendation::item).toList();
            if (items.stream().noneMatch(recommended::contains)) {
                recommended.addAll(items);
                chosen.add(customer);
            }
        }
        return chosen;
    }

    private static DemoCustomer of(Dataset data, int user, int start, int end, TrainedModel model) {
        List<String> earlier = items(data, user, 0, start);
        List<String> visit = items(data, user, start, end);
        Session session = model.newSession();
        for (int i = 0; i < start; i++) {
            session.append(earlier.get(i), instant(data, user, i));
        }
        Instant now = instant(data, user, start);
        for (String item : visit.subList(0, IN_BASKET)) {
            session.append(item, now);
        }
        List<Recommendation> before = session.recommend(LIST, without(visit.subList(0, IN_BASKET)), now);
        session.append(visit.get(IN_BASKET), now);
        List<Recommendation> after = session.recommend(LIST, without(visit.subList(0, IN_BASKET + 1)), now);
        return new DemoCustomer(
                data.users().name(user + 1),
                earlier,
                IntStream.range(0, start)
                        .mapToObj(position -> time(data, user, position))
                        .toList(),
                visits(data, user, start),
                time(data, user, 0),
                time(data, user, start - 1),
                visit,
                time(data, user, start),
                before,
                after);
    }

    /** Does not recommend items in the basket again. */
    private static ItemFilter without(List<String> basket) {
        return new ItemFilter(null, basket, false);
    }

    /** Returns the index of the first event of the user's first visit in the test period. */
    private static int firstVisit(Split split, int user) {
        return split.from(Split.Part.TEST, user);
    }

    private static int endOfVisit(Dataset data, int user, int start) {
        int end = start;
        while (end < data.length(user) && time(data, user, end) == time(data, user, start)) {
            end++;
        }
        return end;
    }

    private static int visits(Dataset data, int user, int end) {
        return (int) IntStream.range(0, end)
                .mapToLong(position -> time(data, user, position))
                .distinct()
                .count();
    }

    private static long time(Dataset data, int user, int position) {
        return data.times()[data.start(user) + position];
    }

    private static Instant instant(Dataset data, int user, int position) {
        return EventTime.instant(time(data, user, position));
    }

    private static List<String> items(Dataset data, int user, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(position -> data.items().name(data.item(user, position)))
                .toList();
    }
}
