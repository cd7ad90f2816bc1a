package io.github.ttt4rec.cli.command;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A struct in Thrift's compact protocol, in which Parquet writes its metadata. Fields are added by rising number. */
final class ThriftStruct {
    private static final int TRUE = 1;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int STRUCT = 12;
    /** The number of elements from which a list's size is a number of its own. */
    private static final int LONG_LIST = 15;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int last;

    /** Adds a 32-bit number. */
    ThriftStruct number(int field, int value) {
        header(field, I32);
        zigzag(value);
        return this;
    }

    /** Adds a 64-bit number. */
    ThriftStruct longNumber(int field, long value) {
        header(field, I64);
        zigzag(value);
        return this;
    }

    /** Adds a flag that is true. */
    ThriftStruct yes(int field) {
        header(field, TRUE);
        return this;
    }

    /** Adds a text. */
    ThriftStruct text(int field, String value) {
        header(field, BINARY);
        text(value);
        return this;
    }

    /** Adds a struct. */
    ThriftStruct struct(int field, ThriftStruct value) {
        header(field, STRUCT);
        bytes.writeBytes(value.end());
        return this;
    }

    /** Adds a list of structs. */
    ThriftStruct structs(int field, List<ThriftStruct> values) {
        list(field, STRUCT, values.size());
        values.forEach(value -> bytes.writeBytes(value.end()));
        return this;
    }

    /** Adds a list of 32-bit numbers. */
    ThriftStruct numbers(int field, List<Integer> values) {
        list(field, I32, values.size());
        values.forEach(this::zigzag);
        return this;
    }

    /** Adds a list of texts. */
    ThriftStruct texts(int field, List<String> values) {
        list(field, BINARY, values.size());
        values.forEach(this::text);
        return this;
    }

    /** Returns the struct with its end. */
    byte[] end() {
        byte[] fields = bytes.toByteArray();
        byte[] ended = new byte[fields.length + 1];
        System.arraycopy(fields, 0, ended, 0, fields.length);
        return ended;
    }

    /** Returns what was added, without an end. */
    byte[] bytes() {
        return bytes.toByteArray();
    }

    /** Adds a number as 7 bits a byte, lowest first. */
    void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    private void header(int field, int type) {
        bytes.write(((field - last) << 4) | type);
        last = field;
    }

    private void list(int field, int type, int size) {
        header(field, LIST);
        if (size < LONG_LIST) {
            bytes.write((size << 4) | type);
        } else {
            bytes.write(0xF0 | type);
            varint(size);
        }
    }

    private void text(String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        varint(text.length);
        bytes.writeBytes(text);
    }

    private void zigzag(long value) {
        varint((value << 1) ^ (value >> 63));
    }
}
