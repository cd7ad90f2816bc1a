package io.github.ttt4rec.catalogue;

/** The type of an attribute that a shop defines. An attribute has the same type on all items. */
public enum AttributeType {
    /** A finite number. */
    NUMBER("number"),
    /** One or more words, such as a brand or the colours of a shirt. */
    WORDS("words");

    private final String word;

    AttributeType(String word) {
        this.word = word;
    }

    /** The type's name in documents and messages. */
    public String word() {
        return word;
    }
}
