package io.github.ttt4rec.serve.engine;

/**
 * A test that may be looked at after each event: the mixture sequential probability ratio test (Robbins 1970; Johari, Koomen, Pekelis and
 * Walsh, "Always valid inference", 2022) with a normal mixture of differences, on the difference of two means that are normal for many
 * users. Under no difference, the chance that it ever rejects at the level α is at most α.
 *
 * @param spread the standard deviation of the mixture: the size of the differences that it finds soonest
 */
record SequentialTest(double spread) {
    static final double LEVEL = 0.05;

    /** The normal quantiles of the level and of a power of 80 %. */
    private static final double LEVEL_AND_POWER = 1.96 + 0.84;

    /**
     * The likelihood ratio of the mixture to no difference.
     *
     * @param difference the difference seen
     * @param variance its variance, above 0
     */
    double ratio(double difference, double variance) {
        double mixture = spread * spread;
        double all = variance + mixture;
        return Math.sqrt(variance / all) * Math.exp(difference * difference * mixture / (2 * variance * all));
    }

    /** Half of the interval that holds the true difference at all times with a probability of 95 %. */
    double halfWidth(double variance) {
        double mixture = spread * spread;
        double all = variance + mixture;
        return Math.sqrt(variance * all / mixture * (Math.log(all / variance) - 2 * Math.log(LEVEL)));
    }

    /**
     * The events that an arm still needs until a test at one fixed time would find a difference of {@link #spread} with a power of 80 %; one
     * that may be looked at all the time needs somewhat more.
     *
     * @param arm the arm
     * @param other the one it is compared with
     */
    static long needed(ArmLog.Figures arm, ArmLog.Figures other, double spread) {
        double each = arm.variance() * arm.events() + other.variance() * other.events();
        double all = LEVEL_AND_POWER * LEVEL_AND_POWER * each / (spread * spread);
        return Math.max(0, (long) Math.ceil(all) - arm.events());
    }
}
