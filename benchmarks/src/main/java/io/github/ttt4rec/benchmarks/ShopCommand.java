package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.benchmarks.load.Latencies;
import io.github.ttt4rec.benchmarks.load.LoadResult;
import io.github.ttt4rec.benchmarks.load.TenantsLoad;
import io.github.ttt4rec.benchmarks.models.SyntheticShop;
import io.github.ttt4rec.benchmarks.option.Checkout;
import io.github.ttt4rec.internal.AtomicFiles;
import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.terminal.option.PeriodConverter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures a server of several tenants, whose lists have filters and rules. */
@Command(
        name = "shop",
        description = {
            "Serve a synthetic shop to several tenants of one server (items in 500 categories with prices, brands and"
                    + " labels, five scenarios with 20 rules) and measure the response times of lists with filters"
                    + " and rules, while events arrive. Each tenant has its own copy of the model, its own store"
                    + " and its own users. Writes report.md to DIR.",
            "",
            "Exit code 1 if a request failed, the rate was not reached, or a tenant's p99 is above 15 ms.",
            ""
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  benchmarks/run shop --out /var/tmp/shop",
            "  benchmarks/run shop --out /var/tmp/shop --write-only",
            "  ./ttt4rec serve --model /var/tmp/shop/model --items /var/tmp/shop/items.jsonl --state /var/tmp/shop/load.db &",
            "  curl -X PUT -H 'Content-Type: application/json' -d @/var/tmp/shop/scenario-1.json \\",
            "      http://127.0.0.1:8080/v1/scenarios/scenario-1     # and 2 to 5",
            "  benchmarks/run load --url http://127.0.0.1:8080 --rate 1000 --queries /var/tmp/shop/queries.txt",
        })
public final class ShopCommand implements Callable<Integer> {
    /** The goal for the p99 of each tenant, in milliseconds. */
    private static final double GOAL = 15;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Directory to write to. A second run uses the model, items and stores of the first.")
    private Path out;

    @Option(
            names = "--items",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Items (default: ${DEFAULT-VALUE}).")
    private int items;

    @Option(
            names = "--tenants",
            paramLabel = "N",
            defaultValue = "3",
            description = "Tenants (default: ${DEFAULT-VALUE}).")
    private int tenants;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description =
                    "Requests for lists with a filter and rules per second, for all tenants together; in addition, a"
                            + " quarter as many events (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--users",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Users of each tenant (default: ${DEFAULT-VALUE}).")
    private int users;

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = PeriodConverter.class,
            description = "Duration of the load before the measurement (default: ${DEFAULT-VALUE}).")
    private Duration warmup;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "2m",
            converter = PeriodConverter.class,
            description = "Duration of the measurement (default: ${DEFAULT-VALUE}).")
    private Duration duration;

    @Option(names = "--write-only", description = "Only write the shop's files; do not serve them.")
    private boolean writeOnly;

    @Override
    public Integer call() throws InterruptedException {
        try {
            Ranges.require(items >= 100 && items <= 10_000_000, "items must be between 100 and 10,000,000");
            Ranges.require(tenants >= 1 && tenants <= 64, "tenants must be between 1 and 64");
            Ranges.require(rate >= 1 && rate <= 100_000, "rate must be between 1 and 100,000 requests a second");
            Ranges.require(users >= 1 && users <= 10_000_000, "users must be between 1 and 10,000,000");
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), "--" + wrong.getMessage(), wrong);
        }
        PrintWriter text = spec.commandLine().getOut();
        SyntheticShop shop = new SyntheticShop(out, items);
        say("writing a model of " + items + " items, their attributes, scenarios and filters");
        shop.write();
        if (writeOnly) {
            text.println(out + ": a model of " + items + " items, their attributes, " + SyntheticShop.SCENARIOS
                    + " scenarios, 1,000 queries");
            text.flush();
            return 0;
        }
        say("serving " + tenants + " tenants: items and first events are stored, then "
                + warmup.plus(duration).toSeconds() + " s of load");
        TenantsLoad load =
                new TenantsLoad(Checkout.current().launcher(), shop, tenants, rate, rate / 4, users, warmup, duration);
        TenantsLoad.Result result = load.run();
        String report = report(load, result);
        AtomicFiles.writeText(out.resolve("report.md"), writer -> writer.write(report));
        text.print(report);
        text.flush();
        return isWell(result) ? 0 : 1;
    }

    private void say(String line) {
        spec.commandLine().getErr().println("benchmarks: " + line);
        spec.commandLine().getErr().flush();
    }

    private static boolean isWell(TenantsLoad.Result result) {
        return result.tenants().stream()
                .allMatch(tenant -> tenant.failed() == 0
                        && tenant.rateReached()
                        && tenant.recommendations().p99() <= GOAL);
    }

    /** Returns a report in Markdown. */
    static String report(TenantsLoad load, TenantsLoad.Result result) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            "tenant", "requests", "per s", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms", "failed"
        });
        double perSecond = 0;
        double generator = 0;
        for (int i = 0; i < result.tenants().size(); i++) {
            LoadResult tenant = result.tenants().get(i);
            String name = "shop-" + (i + 1);
            rows.add(row(name + ", lists", tenant.recommendations(), tenant.seconds(), tenant.failed()));
            rows.add(row(name + ", events", tenant.events(), tenant.seconds(), 0));
            perSecond += tenant.recommendations().count() / tenant.seconds();
            generator += tenant.processorSeconds() / tenant.seconds();
        }
        double worst = result.tenants().stream()
                .mapToDouble(tenant -> tenant.recommendations().p99())
                .max()
                .orElseThrow();
        Long heap = result.liveHeapBytes();
        // All generators run in one process, whose processor time each of them reports.
        double generatorCores = generator / result.tenants().size();
        return Machine.describe() + "\n\n"
                + String.format(
                        Locale.ROOT,
                        "%d tenants; each has %,d items in %d categories, %d scenarios with %d rules, %,d users. %.0f s"
                                + " after a warm-up of %.0f s. Each list has one of 1,000 filters and the rules of a scenario.%n%n",
                        load.tenants(),
                        load.shop().items(),
                        SyntheticShop.CATEGORIES,
                        SyntheticShop.SCENARIOS,
                        SyntheticShop.RULES,
                        load.users(),
                        load.duration().toMillis() / 1e3,
                        load.warmup().toMillis() / 1e3)
                + MarkdownTable.of(rows)
                + String.format(
                        Locale.ROOT,
                        "%n%.0f lists a second of %.0f; the largest p99 of a tenant's lists is %.2f ms (goal %.0f):"
                                + " %s. The server took %.2f cores, the load generator %.2f; %s.%n",
                        perSecond,
                        load.lists(),
                        worst,
                        GOAL,
                        isWell(result) ? "reached" : "missed",
                        result.serverCores(),
                        generatorCores,
                        heap == null
                                ? "the server has not collected its old objects yet"
                                : String.format(
                                        Locale.ROOT, "%,d MB of heap in use after the last collection", heap >> 20));
    }

    private static String[] row(String name, Latencies times, double seconds, long failed) {
        return new String[] {
            name,
            String.format(Locale.ROOT, "%,d", times.count()),
            String.format(Locale.ROOT, "%.0f", times.count() / seconds),
            String.format(Locale.ROOT, "%.2f", times.p50()),
            String.format(Locale.ROOT, "%.2f", times.p90()),
            String.format(Locale.ROOT, "%.2f", times.p99()),
            String.format(Locale.ROOT, "%.2f", times.p999()),
            String.format(Locale.ROOT, "%.2f", times.max()),
            String.format(Locale.ROOT, "%,d", failed)
        };
    }
}
