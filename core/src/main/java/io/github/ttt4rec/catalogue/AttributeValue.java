package io.github.ttt4rec.catalogue;

import java.util.List;

/** The value of an attribute that a shop defines. */
public sealed interface AttributeValue {
    AttributeType type();

    /** A finite number. */
    record Quantity(double value) implements AttributeValue {
        @Override
        public AttributeType type() {
            return AttributeType.NUMBER;
        }
    }

    /** Distinct words in the order given. */
    record Words(List<String> words) implements AttributeValue {
        /** Copies the list and drops repeated words. */
        public Words {
            words = words.stream().distinct().toList();
        }

        @Override
        public AttributeType type() {
            return AttributeType.WORDS;
        }
    }
}
