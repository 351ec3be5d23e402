import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Writes classes that were compiled for Java 5 as those of Java 8, in place: an AOT cache takes
 * none that are older than Java 6, because they have no stack maps, and they are verified anew at
 * each start. What they do stays the same.
 */
final class NewerClasses {
  private static final int WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;

  /** How a bill of materials names its hashes. */
  private static final List<String> HASHES =
      List.of("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-384", "SHA3-512");

  private final ClassFile format;

  private NewerClasses(ClassLoader library) {
    format =
        ClassFile.of(
            StackMapsOption.GENERATE_STACK_MAPS,
            ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(library)));
  }

  /**
   * @param arguments the JAR, and the bill of materials that has its hashes
   */
  public static void main(String... arguments) throws IOException, NoSuchAlgorithmException {
    var jar = Path.of(arguments[0]);
    var bill = Path.of(arguments[1]);
    var before = hashes(jar);
    write(jar);
    var after = hashes(jar);
    var text = Files.readString(bill);
    for (int i = 0; i < before.size(); i++) {
      text = text.replace(before.get(i), after.get(i));
    }
    Files.writeString(bill, text);
  }

  private static List<String> hashes(Path file) throws IOException, NoSuchAlgorithmException {
    var bytes = Files.readAllBytes(file);
    var hashes = new ArrayList<String>();
    for (var algorithm : HASHES) {
      hashes.add(HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes)));
    }
    return hashes;
  }

  private static void write(Path jar) throws IOException {
    var newer = Path.of(jar + ".newer");
    try (var library = new URLClassLoader(new URL[] {jar.toUri().toURL()});
        var from = new JarFile(jar.toFile());
        var to = new JarOutputStream(Files.newOutputStream(newer))) {
      var classes = new NewerClasses(library);
      for (var entry : Collections.list(from.entries())) {
        var copy = new JarEntry(entry.getName());
        copy.setTime(entry.getTime());
        to.putNextEntry(copy);
        var bytes = from.getInputStream(entry).readAllBytes();
        to.write(entry.getName().endsWith(".class") ? classes.newer(bytes) : bytes);
      }
    }
    Files.delete(jar);
    Files.move(newer, jar);
  }

  private byte[] newer(byte[] bytes) {
    var old = format.parse(bytes);
    return old.majorVersion() >= WITH_STACK_MAPS
        ? bytes
        : format.transformClass(
            old,
            (copy, element) -> {
              switch (element) {
                case ClassFileVersion _ -> copy.withVersion(ClassFile.JAVA_8_VERSION, 0);
                case MethodModel method ->
                    copy.transformMethod(
                        method, MethodTransform.transformingCode(CodeTransform.ACCEPT_ALL));
                default -> copy.with(element);
              }
            });
  }
}
