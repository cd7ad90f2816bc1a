import io.github.ttt4rec.api.*;

/** An event in the form that your application has. */
record Purchase(String customer, String product, Instant time) {}

void main() throws InterruptedException {
    Stream<Purchase> purchases = IntStream.range(0, 5_000)
            .mapToObj(i -> new Purchase("c" + i % 250, "p" + (i % 250 + i / 250) % 40, Instant.ofEpochSecond(60L * i)));
    var config = RunConfig.production();
    var split = config.open(purchases, Purchase::customer, Purchase::product, Purchase::time); // or open(Path.of("events.csv"))
    var model = Training.run(split, config, epoch -> IO.println("epoch " + epoch.epoch() + ", loss " + epoch.loss()));
    IO.println("HR@10 " + model.evaluate(split).value("HR@10"));
    model.save(Path.of("model"));

    // Later, or in another program: the next items after a history. If no item of it is known, they are popular items,
    // and their basis says so.
    model = TrainedModel.load(Path.of("model"));
    model.recommend(List.of("p3", "p4"), 5).forEach(IO::println);
    IO.println(model.recommend(List.of("unheard-of"), 5).basis());

    // One live user: every event trains the fast weights.
    var session = model.newSession();
    session.append("p3");
    session.append("p4");
    session.recommend(5).forEach(next -> IO.println(next.item() + " " + next.score()));
}
