package io.canaryrun.e2e;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * In the program under test: writes down each class that Jackson or Gson looks into, which a native
 * executable must have registered.
 */
public final class ReflectionAgent implements ClassFileTransformer {
  /**
   * Where a library begins to look into a class.
   *
   * @param owner the class of that method
   * @param parameter the type of the parameter that names the class
   * @param accessor the method of that parameter that tells the class; empty: it is the class
   */
  private record Place(String owner, String method, ClassDesc parameter, String accessor) {
    boolean isIn(MethodModel method) {
      return method.methodName().equalsString(this.method) && index(method) >= 0;
    }

    int index(MethodModel method) {
      return method.methodTypeSymbol().parameterList().indexOf(parameter);
    }
  }

  private static final List<Place> PLACES =
      List.of(
          new Place(
              "com/fasterxml/jackson/databind/introspect/POJOPropertiesCollector",
              ConstantDescs.INIT_NAME,
              ClassDesc.of("com.fasterxml.jackson.databind.JavaType"),
              "getRawClass"),
          new Place(
              "com/google/gson/internal/ConstructorConstructor",
              "get",
              ClassDesc.of("com.google.gson.reflect.TypeToken"),
              "getRawType"),
          new Place(
              "com/google/gson/internal/bind/EnumTypeAdapter",
              ConstantDescs.INIT_NAME,
              ConstantDescs.CD_Class,
              ""));

  private static final Set<Class<?>> SEEN = ConcurrentHashMap.newKeySet();
  private static PrintStream out;

  /**
   * @param directory that holds the record of each process
   */
  public static void premain(String directory, Instrumentation program) throws IOException {
    var file = Path.of(directory, "" + ProcessHandle.current().pid());
    out = new PrintStream(Files.newOutputStream(file), true);
    program.addTransformer(new ReflectionAgent());
  }

  /** Called by the libraries: see {@link Call}. */
  public static void looksInto(Class<?> type) {
    boolean ofJava = type.getModule().isNamed();
    if (!ofJava && SEEN.add(type)) {
      out.println(type.getName());
    }
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> before, ProtectionDomain domain, byte[] bytes) {
    for (var place : PLACES) {
      if (place.owner().equals(name)) {
        return withCall(place, loader, bytes);
      }
    }
    return null; // As it is.
  }

  private static byte[] withCall(Place place, ClassLoader loader, byte[] bytes) {
    var others = ClassHierarchyResolver.ofResourceParsing(loader);
    var format = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(others));
    return format.transformClass(
        format.parse(bytes),
        (library, element) -> {
          if (element instanceof MethodModel method && place.isIn(method)) {
            var call = new Call(place, place.index(method));
            library.transformMethod(method, MethodTransform.transformingCode(call));
          } else {
            library.with(element);
          }
        });
  }

  /** Tells the class before anything else is done. */
  private record Call(Place place, int index) implements CodeTransform {
    @Override
    public void atStart(CodeBuilder code) {
      code.aload(code.parameterSlot(index));
      if (!place.accessor().isEmpty()) {
        var type = MethodTypeDesc.of(ConstantDescs.CD_Class);
        code.invokevirtual(place.parameter(), place.accessor(), type);
      }
      code.invokestatic(
          ClassDesc.of(ReflectionAgent.class.getName()),
          "looksInto",
          MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Class));
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      code.with(element);
    }
  }
}
