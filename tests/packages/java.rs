//! Submissions in Java. Their image is built where it is asked for.

use serde_json::Value;

use crate::wall_settings::cheapest_wall;
use crate::whole_run::is_left_to_the_whole_run;
use crate::{assize, laid, reports_of, submissions, verify};

const PROBLEM: &str = "problem_format_version: 2025-09\nname: Sum\nlimits: {time_limit: 2}\n";

/// Each with the verdict that it gets.
const SUBMISSIONS: [(&str, &str, &str); 26] = [
    (
        "accepted/Sum.java",
        "public class Sum { public static void main(String[] args) {\n\
         var in = new java.util.Scanner(System.in); System.out.println(in.nextLong() + in.nextLong()); } }\n",
        "AC",
    ),
    (
        "accepted/public_class_of_another_name.java",
        "public class Main { public static void main(String... args) {\n\
         var in = new java.util.Scanner(System.in); System.out.println(in.nextLong() + in.nextLong()); } }\n",
        "AC",
    ),
    (
        "accepted/in_a_package.java",
        "package a.b; public class Main { public static void main(String[] args) {\n\
         var in = new java.util.Scanner(System.in); System.out.println(in.nextLong() + in.nextLong()); } }\n",
        "AC",
    ),
    (
        "accepted/nested.java",
        "class Outer { record Pair(long a, long b) {} interface Starts { static void main(String[] args) {\n\
         var in = new java.util.Scanner(System.in); var pair = new Pair(in.nextLong(), in.nextLong());\n\
         System.out.println(pair.a() + pair.b()); } } }\n",
        "AC",
    ),
    (
        "accepted/threads.java",
        "import java.util.*; class Threads { public static void main(String[] args) throws Exception {\n\
         var words = new Scanner(System.in).nextLine().split(\" \"); var thread = new Thread(() ->\n\
         System.out.println(Arrays.stream(words).parallel().mapToLong(Long::parseLong).sum()));\n\
         thread.start(); thread.join(); } }\n",
        "AC",
    ),
    // Recursion as deep as C++ has it in 64 MiB of stack.
    (
        "accepted/deep.java",
        "class Deep { static long count(long n) { return n == 0 ? 0 : 1 + count(n - 1); }\n\
         public static void main(String[] args) { var in = new java.util.Scanner(System.in);\n\
         System.out.println(count(300000) - 300000 + in.nextLong() + in.nextLong()); } }\n",
        "AC",
    ),
    // Half of the memory limit, all of it in use.
    (
        "accepted/half_a_gigabyte.java",
        "class Half { public static void main(String[] args) { var in = new java.util.Scanner(System.in);\n\
         var all = new byte[512][]; for (int i = 0; i < 512; i++) { all[i] = new byte[1 << 20]; all[i][7] = 1; }\n\
         System.out.println(in.nextLong() + in.nextLong() + all[511][7] - 1); } }\n",
        "AC",
    ),
    // Both have a main method, and Main.java is what is started.
    (
        "accepted/parts/Main.java",
        "public class Main { public static void main(String[] args) {\n\
         System.out.println(lib.Adder.sum(new java.util.Scanner(System.in))); } }\n",
        "AC",
    ),
    (
        "accepted/parts/lib/Adder.java",
        "package lib; public class Adder { public static void main(String[] args) { System.out.println(0); }\n\
         public static long sum(java.util.Scanner in) { return in.nextLong() + in.nextLong(); } }\n",
        "AC",
    ),
    // What submissions.yaml names.
    (
        "accepted/named/First.java",
        "class First { public static void main(String[] args) { System.out.println(0); } }\n",
        "AC",
    ),
    (
        "accepted/named/Second.java",
        "class Second { public static void main(String[] args) {\n\
         var in = new java.util.Scanner(System.in); System.out.println(in.nextLong() + in.nextLong()); } }\n",
        "AC",
    ),
    // The class that is called like its file is started, also where another one stands before it.
    (
        "accepted/two_classes/Main.java",
        "class First { public static void main(String[] args) { System.out.println(0); } }\n\
         class Main { public static void main(String[] args) { var in = new java.util.Scanner(System.in);\n\
         System.out.println(in.nextLong() + in.nextLong()); } }\n",
        "AC",
    ),
    (
        "accepted/second_class/Second.java",
        "class Before { public static void main(String[] args) { System.out.println(0); } }\n\
         class Second { public static void main(String[] args) { var in = new java.util.Scanner(System.in);\n\
         System.out.println(in.nextLong() + in.nextLong()); } }\n",
        "AC",
    ),
    (
        "accepted/second_class/Main.java",
        "class Main { public static void main(String[] args) { System.out.println(0); } }\n",
        "AC",
    ),
    // The class a.b.Main, which submissions.yaml names.
    (
        "accepted/deep_in_a_package/src/a/b/Main.java",
        "package a.b; public class Main { public static void main(String[] args) {\n\
         var in = new java.util.Scanner(System.in); System.out.println(in.nextLong() + in.nextLong()); } }\n",
        "AC",
    ),
    (
        "accepted/deep_in_a_package/Main.java",
        "public class Main { public static void main(String[] args) { System.out.println(0); } }\n",
        "AC",
    ),
    (
        "accepted/upper_case/Main.JAVA",
        "public class Main { public static void main(String[] args) {\n\
         var in = new java.util.Scanner(System.in); System.out.println(in.nextLong() + in.nextLong()); } }\n",
        "AC",
    ),
    (
        "accepted/no_ending",
        "public class Main { public static void main(String[] args) {\n\
         var in = new java.util.Scanner(System.in); System.out.println(in.nextLong() + in.nextLong()); } }\n",
        "AC",
    ),
    (
        "wrong_answer/one.java",
        "class One { public static void main(String[] args) { System.out.println(1); } }\n",
        "WA",
    ),
    (
        "run_time_error/exception.java",
        "class Throws { public static void main(String[] args) { throw new IllegalStateException(\"no\"); } }\n",
        "RTE",
    ),
    (
        "run_time_error/exit.java",
        "class Exits { public static void main(String[] args) { System.exit(3); } }\n",
        "RTE",
    ),
    // The heap ends before the box does, and the program hears of it.
    (
        "run_time_error/hoards.java",
        "class Hoards { public static void main(String[] args) { var all = new java.util.ArrayList<long[]>();\n\
         for (;;) all.add(new long[1 << 20]); } }\n",
        "RTE",
    ),
    (
        "time_limit_exceeded/loops.java",
        "class Loops { public static void main(String[] args) { for (;;) { } } }\n",
        "TLE",
    ),
    (
        "compiler_error/broken.java",
        "class Broken { public static void main(String[] args) { int number = \"no\"; } }\n",
        "CE",
    ),
    (
        "compiler_error/no_main.java",
        "class NoMain { static void main(String[] args) { } void run() { } }\n",
        "CE",
    ),
    (
        "compiler_error/syntax.java",
        "class Syntax { public static void main(String[] args) { int number = ; } }\n",
        "CE",
    ),
];

const EXPECTATIONS: &str = "accepted/{named,second_class}:\n  entrypoint: Second\n\
                            accepted/deep_in_a_package:\n  entrypoint: a.b.Main\n\
                            accepted/no_ending:\n  language: java\n";

#[test]
fn submissions_in_java_are_compiled_and_run_in_boxes_of_the_jdk() {
    if is_left_to_the_whole_run("Java, whose image is built") {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let paths = SUBMISSIONS.map(|(path, source, _verdict)| (format!("submissions/{path}"), source));
    let sources = paths.iter().map(|(path, source)| (path.as_str(), *source));
    let others = [
        ("problem.yaml", PROBLEM),
        ("data/secret/1.in", "4 2\n"),
        ("data/secret/1.ans", "6\n"),
        ("submissions/submissions.yaml", EXPECTATIONS),
    ];
    let package = laid::files(directory.path(), "sum", others.into_iter().chain(sources));
    let (output, reports) = verify(std::slice::from_ref(&package));
    assert!(output.status.success(), "{reports:#?}");
    for (path, _source, verdict) in SUBMISSIONS {
        let is_it = |(_, it): &(&str, &Value)| {
            let submission = it["path"].as_str().unwrap().strip_prefix("submissions/").unwrap();
            path.starts_with(submission)
        };
        let (_, submission) = submissions(&reports).find(is_it).unwrap();
        assert_eq!(
            (&submission["judged_with"], &submission["verdict"]),
            (&"java".into(), &verdict.into()),
            "{path}"
        );
    }
    for (path, message) in [
        (
            "broken.java",
            "broken.java:1: error: incompatible types: String cannot be converted to int",
        ),
        (
            "no_main.java",
            "no class has a method public static void main(String[])",
        ),
    ] {
        let source = format!("{package}/submissions/compiler_error/{path}");
        let output = assize()
            .args(["judge", &source, "--language", "java", "--problem", &package])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains(message), "{said}");
    }
}

#[test]
fn submissions_in_java_are_skipped_where_its_image_was_not_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let files = ["Sum", "Again"].map(|name| (format!("submissions/accepted/{name}.java"), "class Sum {}\n"));
    let package = laid::sum(
        directory.path(),
        "sum",
        files.iter().map(|(path, source)| (path.as_str(), *source)),
    );
    let verify = |options: &[&str]| {
        let mut command = assize();
        command
            .arg("verify")
            .args(options)
            .arg(&package)
            .envs(cheapest_wall())
            .env("ASSIZE__LANGUAGES__JAVA__ENVIRONMENT", "absent")
            .env("ASSIZE__LANGUAGES__JAVA__TOOLCHAIN", "absent")
            .env("ASSIZE__SANDBOX__DOCKER__IMAGES__ABSENT", "assize/absent:latest")
            .env(
                "ASSIZE__SANDBOX__NSJAIL__ENVIRONMENTS",
                "python3,pypy3,toolchain,pytest,absent",
            );
        command
    };
    let (output, reports) = reports_of(&mut verify(&["--json"]));
    assert!(output.status.success(), "{reports:#?}");
    let is_java = |(_, it): &(&str, &Value)| it["judged_with"] == "java";
    assert_eq!(submissions(&reports).filter(is_java).count(), 2);
    for (_, java) in submissions(&reports).filter(is_java) {
        assert_eq!(java["ok"], Value::Null);
        let reason = java["skipped_reason"].as_str().unwrap();
        assert!(reason.contains("docker/images.sh --java"), "{reason}");
    }
    let (_, python) = submissions(&reports)
        .find(|(_, it)| it["judged_with"] == "python3")
        .unwrap();
    assert_eq!(python["ok"], true);
    let table = verify(&[]).output().unwrap().stdout;
    let table = String::from_utf8_lossy(&table);
    assert_eq!(table.matches("docker/images.sh --java").count(), 1, "{table}");
}
