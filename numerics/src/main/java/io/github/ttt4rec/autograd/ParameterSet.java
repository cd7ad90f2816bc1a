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
     * An empty set whose {@link #declare} returns the parameter of the same name from {@code source}, for a second
     * model that shares the weights without copying them.
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

    /**
     * The parameter of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
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

    /** Initialises every parameter by its {@link Parameter.Init}, from a generator seeded with {@code seed}. */
    public void initialize(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (Parameter parameter : parameters) {
            parameter.init().fill(parameter.value(), parameter.shape(), random);
        }
        updated();
    }

    /** Updates the packed forms. Must be called after values have changed. */
    public void updated() {
        updated(0, 1);
    }

    /** Does one of {@code workers} equal shares of {@link #updated()}, for threads that work in parallel. */
    public void updated(int worker, int workers) {
        updated(worker, workers, List.of());
    }

    /** The same, but without the parameters {@code except}, whose packed forms stay as they are. */
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

    /** Returns whether all values are finite. */
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

    /** A copy of all values, by parameter index. */
    public float[][] snapshot() {
        return parameters.stream().map(p -> p.value().clone()).toArray(float[][]::new);
    }

    /** Restores the values of a {@link #snapshot}. */
    public void restore(float[][] snapshot) {
        for (Parameter parameter : parameters) {
            System.arraycopy(snapshot[parameter.index()], 0, parameter.value(), 0, parameter.size());
        }
        updated();
    }
}
