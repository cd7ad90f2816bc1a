package io.github.ttt4rec.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A model's parameters in a fixed order, with the published names. */
public final class ParameterSet {
    private final List<Parameter> parameters = new ArrayList<>();
    private final Map<String, Parameter> byName = new HashMap<>();
    private final @Nullable ParameterSet source;

    /** An empty set. */
    public ParameterSet() {
        this(null);
    }

    private ParameterSet(@Nullable ParameterSet source) {
        this.source = source;
    }

    /**
     * An empty set in which every parameter that is declared is the one that {@code source} has of that name: for a second
     * model of the same weights, without a copy of them.
     */
    public static ParameterSet sharing(ParameterSet source) {
        return new ParameterSet(source);
    }

    /** Declares a parameter; values are zero until {@link #initialize} or loaded. */
    public Parameter declare(String name, Parameter.Init init, int... shape) {
        Parameter parameter = source == null ? new Parameter(name, parameters.size(), init, shape) : source.get(name);
        if (parameter.index() != parameters.size() || !Arrays.equals(parameter.shape(), shape)) {
            throw new IllegalArgumentException("the shared weights have another " + name);
        }
        if (byName.put(name, parameter) != null) {
            throw new IllegalArgumentException("parameter declared twice: " + name);
        }
        parameters.add(parameter);
        return parameter;
    }

    /** All parameters in the order they were declared. */
    public List<Parameter> all() {
        return Collections.unmodifiableList(parameters);
    }

    /** The parameter of that name; throws {@link IllegalArgumentException} if there is none. */
    public Parameter get(String name) {
        Parameter parameter = byName.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("no parameter " + name);
        }
        return parameter;
    }

    /** The number of learned values. */
    public long size() {
        return parameters.stream().mapToLong(Parameter::size).sum();
    }

    /** Starts every parameter as its {@link Parameter.Init} says, from a generator seeded with {@code seed}. */
    public void initialize(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (Parameter parameter : parameters) {
            parameter.init().fill(parameter.value(), parameter.shape(), random);
        }
        updated();
    }

    /** Brings the packed forms up to date; call it after values have changed. */
    public void updated() {
        updated(0, 1);
    }

    /** One of {@code workers} equal shares of {@link #updated()}, for threads side by side. */
    public void updated(int worker, int workers) {
        updated(worker, workers, List.of());
    }

    /** The same for all but some parameters, whose packed forms stay as they were. */
    public void updated(int worker, int workers, List<Parameter> except) {
        for (Parameter parameter : parameters) {
            if (except.contains(parameter)) {
                continue;
            }
            PackedMatrix packed = parameter.packed();
            int panels = packed.panelCount();
            packed.pack(parameter.value(), (int) ((long) panels * worker / workers), (int)
                    ((long) panels * (worker + 1) / workers));
        }
    }

    /** Returns whether every value is a finite number. */
    public boolean isFinite() {
        for (Parameter parameter : parameters) {
            for (float value : parameter.value()) {
                if (!Float.isFinite(value)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A copy of all values, by index. */
    public float[][] snapshot() {
        return parameters.stream().map(p -> p.value().clone()).toArray(float[][]::new);
    }

    /** Puts back what {@link #snapshot} took. */
    public void restore(float[][] snapshot) {
        for (Parameter parameter : parameters) {
            System.arraycopy(snapshot[parameter.index()], 0, parameter.value(), 0, parameter.size());
        }
        updated();
    }
}
