package io.github.ttt4rec.flink.state;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model as it is broadcast to the operators: the contents of its directory. A checkpoint therefore contains the
 * model, and workers need no access to the directory.
 *
 * @param version {@link TrainedModel#version}
 * @param files the files' names and contents, at most 2 GB
 */
public record ModelPackage(String version, byte[] files) {
    /**
     * Packs the model in a directory, and checks the package by loading the model from it.
     *
     * @throws UserFacingException if the model is damaged or too large
     */
    public static ModelPackage of(Path directory) {
        byte[] files;
        try {
            files = pack(directory);
        } catch (IOException e) {
            // Reports a directory that does not exist or holds no model.
            TrainedModel.load(directory);
            throw new UserFacingException(directory + ": cannot read: " + e.getMessage(), e);
        }
        TrainedModel model = load(files, directory.toString());
        return new ModelPackage(model.version(), files);
    }

    /** Unpacks and loads the model. */
    public TrainedModel load() {
        return load(files, "model " + version);
    }

    /** Identifies this model in the states that it made; stable across restarts. */
    public long weightsId() {
        return Long.parseLong(version, 16);
    }

    private static byte[] pack(Path directory) throws IOException {
        try (Stream<Path> listed = Files.list(directory)) {
            List<Path> paths = listed.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(paths.size());
            for (Path path : paths) {
                byte[] content = Files.readAllBytes(path);
                out.writeUTF(String.valueOf(path.getFileName()));
                out.writeInt(content.length);
                out.write(content);
            }
            return bytes.toByteArray();
        } catch (OutOfMemoryError tooLarge) {
            throw new UserFacingException(
                    directory + ": does not fit into memory, or exceeds 2 GB, the maximum that can be broadcast",
                    tooLarge);
        }
    }

    private static TrainedModel load(byte[] files, String name) {
        try {
            Path directory = Files.createTempDirectory("ttt4rec-model-");
            try {
                unpack(files, directory);
                return TrainedModel.load(directory);
            } catch (UserFacingException e) {
                String message = String.valueOf(e.getMessage());
                throw new UserFacingException(message.replace(directory.toString(), name), e);
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw new UserFacingException(
                    name + ": cannot unpack it to " + System.getProperty("java.io.tmpdir") + ": " + e, e);
        }
    }

    private static void unpack(byte[] files, Path directory) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(files));
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            // Strips directories from the name, so that nothing is written elsewhere.
            Path name = Path.of(in.readUTF()).getFileName();
            byte[] content = in.readNBytes(in.readInt());
            Files.write(directory.resolve(name), content);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> listed = Files.list(directory)) {
            for (Path path : listed.toList()) {
                Files.delete(path);
            }
        }
        Files.delete(directory);
    }
}
