import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lifts a jar's classes below one folder to the class-file version of Java 21, stack maps included. The JVM archives no
 * class older than version 50, and picocli's are of version 49: every start would parse and verify them.
 * Usage: java LiftClasses.java JAR FOLDER (JDK 24 or newer).
 */
final class LiftClasses {
    private static final int JAVA_21 = 65;

    public static void main(String[] args) throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(args[0]));
                Stream<Path> files = Files.walk(jar.getPath(args[1]))) {
            List<Path> classes =
                    files.filter(file -> file.toString().endsWith(".class")).toList();
            for (Path file : classes) {
                FileTime time = Files.getLastModifiedTime(file);
                Files.write(file, lift(jar, Files.readAllBytes(file)));
                Files.setLastModifiedTime(file, time);
            }
        }
    }

    private static byte[] lift(FileSystem jar, byte[] bytes) {
        ClassHierarchyResolver hierarchy = ClassHierarchyResolver.defaultResolver()
                .orElse(ClassHierarchyResolver.ofResourceParsing(name -> open(jar, name)));
        ClassFile classFile = ClassFile.of(
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(hierarchy));
        ClassModel model = classFile.parse(bytes);
        if (model.majorVersion() >= JAVA_21) {
            return bytes;
        }
        // Bodies are taken apart and put together again, else they would be copied as they are, without stack maps.
        ClassTransform bodies = ClassTransform.transformingMethodBodies((code, element) -> code.with(element));
        byte[] lifted = classFile.transformClass(model, bodies.andThen((builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(JAVA_21, 0);
            } else {
                builder.with(element);
            }
        }));
        List<VerifyError> errors = classFile.verify(lifted);
        if (!errors.isEmpty()) {
            throw errors.get(0);
        }
        return lifted;
    }

    private static InputStream open(FileSystem jar, ClassDesc name) {
        String descriptor = name.descriptorString();
        try {
            return Files.newInputStream(jar.getPath("/" + descriptor.substring(1, descriptor.length() - 1) + ".class"));
        } catch (IOException unknown) {
            return null;
        }
    }
}
