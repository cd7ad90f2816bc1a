package io.github.ttt4rec.catalogue;

/** The type of an attribute that a shop names itself; all items have the same type for one name. */
public enum AttributeType {
    /** A finite number. */
    NUMBER("number"),
    /** One or more words, such as a brand or the colours of a shirt. */
    WORDS("words");

    private final String word;

    AttributeType(String word) {
        this.word = word;
    }

    /** Its name in documents and messages. */
    public String word() {
        return word;
    }
}
