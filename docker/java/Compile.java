import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * Compiles a submission in Java, and packs it as a jar that {@code java -jar} starts.
 *
 * <pre>java -jar compile.jar PROGRAM SOURCE...</pre>
 *
 * Runs in a box under limits, beside the sources. For a submission that does not compile it prints what javac prints. Exit
 * status: 0 it compiles, 3 it does not; a JVM that fails by itself ends with 1.
 */
public final class Compile {
    private static final int DOES_NOT_COMPILE = 3;

    /** Annotation processors would be code of the submission, run by its compiler. */
    private static final List<String> OPTIONS = List.of("-proc:none", "-Xmaxerrs", "50");

    private Compile() {}

    public static void main(String[] arguments) {
        Path program = Path.of(arguments[0]);
        List<String> sources = Arrays.asList(arguments).subList(1, arguments.length);
        try {
            compile(program, sources);
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError error) {
            refuse("the compiler gives up: " + error);
        }
    }

    private static void compile(Path program, List<String> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Path classes = Files.createDirectory(program.resolveSibling("classes"));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
            // All sources are named; nothing else that lies beside them is read.
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, List.of());
            Stream<Source> units = StreamSupport.stream(
                    files.getJavaFileObjectsFromStrings(sources).spliterator(), false).map(Source::new);
            PrintWriter errors = new PrintWriter(System.err, true);
            JavacTask task = (JavacTask) compiler.getTask(errors, files, null, OPTIONS, null, units.toList());
            MainClasses mainClasses = new MainClasses(task);
            task.addTaskListener(mainClasses);
            if (!task.call()) {
                System.exit(DOES_NOT_COMPILE);
            }
            mainClasses.first(sources).ifPresentOrElse(
                    main -> pack(program, main, classes),
                    () -> refuse("no class has a method public static void main(String[])"));
        }
    }

    private static void refuse(String reason) {
        System.err.println("error: " + reason);
        System.exit(DOES_NOT_COMPILE);
    }

    private static void pack(Path program, String main, Path classes) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, main);
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(program), manifest);
                Stream<Path> found = Files.walk(classes)) {
            for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, jar);
            }
        } catch (IOException error) {
            refuse("the program cannot be packed: " + error);
        }
    }

    /** A source file, whose public class may be called otherwise: other judges give the file the name of its class. */
    private static final class Source extends ForwardingJavaFileObject<JavaFileObject> {
        Source(JavaFileObject file) {
            super(file);
        }

        /** A file that is submitted alone may have any ending. */
        @Override
        public Kind getKind() {
            return Kind.SOURCE;
        }

        /** What declares a package or a module is told by its file, and called like no class. */
        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return kind == Kind.SOURCE
                    && (SourceVersion.isIdentifier(simpleName) || super.isNameCompatible(simpleName, kind));
        }
    }

    /** A class that can be started. */
    private record MainClass(String binaryName, String simpleName) {}

    /** The classes that can be started, in the order of each source file. */
    private static final class MainClasses implements TaskListener {
        private final JavacTask task;
        private final Map<String, List<MainClass>> bySource = new HashMap<>();

        MainClasses(JavacTask task) {
            this.task = task;
        }

        @Override
        public void finished(TaskEvent event) {
            if (event.getKind() == TaskEvent.Kind.ANALYZE) {
                String source = event.getSourceFile().getName();
                List<MainClass> found = bySource.computeIfAbsent(source, name -> new ArrayList<>());
                within(event.getTypeElement()).forEach(found::add);
            }
        }

        /** The one that is started. The first source file is the entry point. */
        Optional<String> first(List<String> sources) {
            return sources.stream().map(this::of).flatMap(Optional::stream).map(MainClass::binaryName).findFirst();
        }

        /** The one that is called like its file, else the first one. */
        private Optional<MainClass> of(String source) {
            List<MainClass> found = bySource.getOrDefault(source, List.of());
            String stem = Path.of(source).getFileName().toString().replaceFirst("\\.[^.]*$", "");
            return found.stream().filter(main -> main.simpleName().equals(stem)).findFirst()
                    .or(() -> found.stream().findFirst());
        }

        private Stream<MainClass> within(TypeElement type) {
            Stream<MainClass> nested = ElementFilter.typesIn(type.getEnclosedElements()).stream().flatMap(this::within);
            if (ElementFilter.methodsIn(type.getEnclosedElements()).stream().noneMatch(this::isMain)) {
                return nested;
            }
            String binaryName = task.getElements().getBinaryName(type).toString();
            return Stream.concat(Stream.of(new MainClass(binaryName, type.getSimpleName().toString())), nested);
        }

        private boolean isMain(ExecutableElement method) {
            TypeMirror string = task.getElements().getTypeElement("java.lang.String").asType();
            return method.getSimpleName().contentEquals("main")
                    && method.getModifiers().containsAll(Set.of(Modifier.PUBLIC, Modifier.STATIC))
                    && method.getReturnType().getKind() == TypeKind.VOID
                    && method.getParameters().size() == 1
                    && task.getTypes().isSameType(
                            method.getParameters().get(0).asType(), task.getTypes().getArrayType(string));
        }
    }
}
