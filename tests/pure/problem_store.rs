//! Problems that come as archives over HTTP, from a real server.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use assize::config::{self, ProblemSettings};
use assize::contract::ProblemRef;
use assize::problem::{Package, ProblemCulprit, ProblemError, ProblemFault, ProblemStore};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A directory behind a web server, and a store that reads it.
struct Site {
    files: TempDir,
    cache: TempDir,
    server: Child,
    url: String,
}

impl Site {
    fn start() -> Self {
        let (files, cache) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let mut server = Command::new("python3")
            .args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory"])
            .arg(files.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("this test serves its archives with python3");
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let port: u16 = line
            .split_whitespace()
            .skip_while(|word| *word != "port")
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        Self {
            files,
            cache,
            server,
            url: format!("http://127.0.0.1:{port}/problems"),
        }
    }

    fn store(&self, change: impl FnOnce(&mut ProblemSettings)) -> ProblemStore {
        let mut settings = config::load(None).unwrap().problems;
        settings.url.clone_from(&self.url);
        settings.directory = self.files.path().join("nothing");
        settings.cache_directory = self.cache.path().to_owned();
        settings.refresh_ms = 0;
        change(&mut settings);
        ProblemStore::open(&settings).unwrap()
    }

    /// Puts an archive on the site as the newest revision, and gives that.
    fn publish(&self, id: &str, files: &[(&str, &str)]) -> String {
        let directory = self.files.path().join("problems").join(id);
        fs::create_dir_all(&directory).unwrap();
        let archive = directory.join("new.zip");
        pack(&archive, files);
        let revision = hex::encode(Sha256::digest(fs::read(&archive).unwrap()));
        fs::rename(&archive, directory.join(format!("{revision}.zip"))).unwrap();
        fs::write(directory.join("latest"), format!("{revision}\n")).unwrap();
        revision
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}

fn pack(path: &Path, files: &[(&str, &str)]) {
    let mut zip = ZipWriter::new(File::create(path).unwrap());
    for (name, content) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
}

fn package(title: &str) -> Vec<(&'static str, String)> {
    vec![
        ("adding/problem.yaml", format!("name: {title}\n")),
        ("adding/data/secret/1.in", "1 2\n".to_owned()),
        ("adding/data/secret/1.ans", "3\n".to_owned()),
    ]
}

fn borrowed<'a>(files: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    files.iter().map(|(name, content)| (*name, content.as_str())).collect()
}

fn wanted(id: &str, revision: Option<&str>) -> ProblemRef {
    ProblemRef {
        id: id.to_owned(),
        revision: revision.map(str::to_owned),
    }
}

async fn refused(store: &ProblemStore, id: &str, revision: Option<&str>) -> ProblemError {
    store.get(&wanted(id, revision)).await.unwrap_err()
}

#[tokio::test]
async fn a_new_revision_is_seen_without_a_restart_and_the_old_one_can_still_be_had() {
    let site = Site::start();
    let store = site.store(|_settings| {});
    let first = site.publish("sum", &borrowed(&package("First")));
    let package_before = store.get(&wanted("sum", None)).await.unwrap();
    assert_eq!(
        (package_before.id.as_str(), package_before.title.as_str()),
        ("sum", "First")
    );
    assert_eq!(package_before.revision, first);

    let second = site.publish("sum", &borrowed(&package("Second")));
    assert_eq!(store.get(&wanted("sum", None)).await.unwrap().title, "Second");
    assert_eq!(store.get(&wanted("sum", Some(&second))).await.unwrap().title, "Second");
    assert_eq!(store.get(&wanted("sum", Some(&first))).await.unwrap().title, "First");
    let unknown = refused(&store, "nothing", None).await;
    assert!(matches!(unknown.fault(), ProblemFault::Unknown(_)), "{unknown}");
    let other = refused(&store, "sum", Some("1")).await;
    assert!(matches!(other.fault(), ProblemFault::OtherRevision { .. }), "{other}");
}

#[tokio::test]
async fn whether_a_problem_is_here_is_told_without_loading_it() {
    let site = Site::start();
    let problems = TempDir::new().unwrap();
    fs::create_dir(problems.path().join("copied")).unwrap();
    let store = site.store(|settings| problems.path().clone_into(&mut settings.directory));
    let revision = site.publish("sum", &borrowed(&package("Adding")));
    let no_package = site.publish("other", &[("readme.txt", "no package")]);
    let (directory, storage, nowhere) = ([false].as_slice(), [true].as_slice(), [].as_slice());
    for (id, revision, is_in) in [
        ("copied", None, directory),
        ("copied", Some("1"), directory),
        ("sum", None, storage),
        ("sum", Some(revision.as_str()), storage),
        ("other", Some(no_package.as_str()), storage),
        ("sum", Some(no_package.as_str()), nowhere),
        ("sum", Some("1"), nowhere),
        ("nothing", None, nowhere),
        ("../problems/sum", None, nowhere),
    ] {
        let mut found = Vec::new();
        for source in store.sources() {
            match source.look_for(&wanted(id, revision)).await {
                Ok(()) => found.push(source.is_storage()),
                Err(error) => assert_eq!(error.culprit(), ProblemCulprit::NotHere, "{id}"),
            }
        }
        assert_eq!(found, is_in, "{id} {revision:?}");
    }
    assert_eq!(
        fs::read_dir(site.cache.path()).unwrap().count(),
        0,
        "nothing was downloaded"
    );

    for (directory, url, is_bare) in [
        (problems.path().join("missing"), "", true),
        (problems.path().to_owned(), "", true),
        (problems.path().join("missing"), site.url.as_str(), false),
        (Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"), "", false),
    ] {
        let store = site.store(|settings| {
            settings.directory = directory;
            url.clone_into(&mut settings.url);
        });
        assert_eq!(store.is_bare().await, is_bare, "{url}");
    }
}

#[tokio::test]
async fn an_archive_that_is_not_what_it_says_is_refused() {
    let site = Site::start();
    let store = site.store(|_settings| {});
    let revision = site.publish("sum", &borrowed(&package("Honest")));
    let archive = site.files.path().join(format!("problems/sum/{revision}.zip"));
    pack(&archive, &borrowed(&package("Forged")));
    let error = refused(&store, "sum", None).await;
    assert!(matches!(error.fault(), ProblemFault::Digest { .. }), "{error}");
}

#[tokio::test]
async fn an_archive_that_leads_out_or_grows_too_large_or_is_no_package_is_refused_and_leaves_nothing() {
    let site = Site::start();
    let store = site.store(|settings| {
        settings.package_bytes = 1 << 20;
        settings.package_files = 10;
    });
    let large = "0".repeat(2 << 20);
    let many: Vec<String> = (0..20).map(|number| format!("data/secret/{number}.in")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "")).collect();
    site.publish("slips", &[("../escaped", "x"), ("problem.yaml", "name: x")]);
    site.publish("absolute", &[("/tmp/escaped", "x"), ("problem.yaml", "name: x")]);
    site.publish("bomb", &[("problem.yaml", "name: x"), ("data/secret/1.in", &large)]);
    site.publish("crowd", &many);
    site.publish("other", &[("readme.txt", "no package")]);
    for (id, reason) in [
        ("slips", "leads out"),
        ("bomb", "more than 1048576 bytes"),
        ("crowd", "20 files"),
        ("other", "no problem.yaml"),
    ] {
        let error = refused(&store, id, None).await;
        assert_eq!(error.culprit(), ProblemCulprit::Package, "{id}: {error}");
        assert!(error.to_string().contains(reason), "{id}: {error}");
    }
    assert!(store.get(&wanted("absolute", None)).await.is_err());
    assert!(!site.cache.path().join("escaped").exists() && !Path::new("/tmp/escaped").exists());
    let left: Vec<_> = fs::read_dir(site.cache.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn the_cache_keeps_within_its_size_and_gives_up_what_was_not_used_for_longest() {
    let site = Site::start();
    let store = site.store(|settings| settings.cache_bytes = 1);
    for id in ["one", "two", "three"] {
        site.publish(id, &borrowed(&package(id)));
        store.get(&wanted(id, None)).await.unwrap();
    }
    let kept = fs::read_dir(site.cache.path()).unwrap().count();
    assert_eq!(kept, 1, "only the last one fits");
    assert_eq!(
        store.get(&wanted("one", None)).await.unwrap().title,
        "one",
        "and the others come again"
    );
}

#[tokio::test]
async fn what_is_in_use_stays_in_the_cache_however_small_it_is() {
    let site = Site::start();
    let store = site.store(|settings| settings.cache_bytes = 1);
    site.publish("one", &borrowed(&package("one")));
    let one = store.get(&wanted("one", None)).await.unwrap();
    for id in ["two", "three"] {
        site.publish(id, &borrowed(&package(id)));
        // Another worker on the same directory.
        let store = site.store(|settings| settings.cache_bytes = 1);
        store.get(&wanted(id, None)).await.unwrap();
    }
    assert_eq!(fs::read_to_string(&one.tests[0].input).unwrap(), "1 2\n");
    assert_eq!(fs::read_dir(site.cache.path()).unwrap().count(), 2);
}

#[tokio::test]
async fn one_archive_may_be_two_problems_and_many_may_ask_for_it_at_once() {
    let site = Site::start();
    let store = site.store(|_settings| {});
    let revisions = ["sum", "plus"].map(|id| site.publish(id, &borrowed(&package("Adding"))));
    assert_eq!(revisions[0], revisions[1]);
    let problems = ["sum", "plus"].repeat(8).into_iter().map(|id| wanted(id, None));
    let asked = problems.map(|problem| {
        let store = &store;
        async move { (problem.id.clone(), store.get(&problem).await.unwrap().id.clone()) }
    });
    for (id, found) in futures::future::join_all(asked).await {
        assert_eq!(id, found);
    }
}

#[tokio::test]
async fn a_package_that_is_no_longer_whole_in_the_cache_is_unpacked_anew() {
    let site = Site::start();
    let revision = site.publish("sum", &borrowed(&package("Adding")));
    let unpacked = site.cache.path().join(&revision);
    for gone in [unpacked.clone(), unpacked.join("problem.yaml"), unpacked.join("data")] {
        // As after a restart: nothing is known.
        let store = site.store(|_settings| {});
        drop(store.get(&wanted("sum", None)).await.unwrap());
        match gone.is_dir() {
            true => fs::remove_dir_all(&gone).unwrap(),
            false => fs::remove_file(&gone).unwrap(),
        }
        let again = site.store(|_settings| {}).get(&wanted("sum", None)).await.unwrap();
        assert_eq!(fs::read_to_string(&again.tests[0].input).unwrap(), "1 2\n", "{gone:?}");
    }
    let store = site.store(|_settings| {});
    drop(store.get(&wanted("sum", None)).await.unwrap());
    fs::remove_dir_all(&unpacked).unwrap();
    assert!(store.get(&wanted("sum", None)).await.unwrap().tests[0].input.is_file());
}

#[tokio::test]
async fn an_archive_that_is_not_yet_uploaded_whole_is_not_here_yet_and_is_no_fault_of_the_package() {
    let site = Site::start();
    let store = site.store(|_settings| {});
    let revision = site.publish("sum", &borrowed(&package("Adding")));
    let archive = site.files.path().join(format!("problems/sum/{revision}.zip"));
    let whole = fs::read(&archive).unwrap();
    fs::write(&archive, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(refused(&store, "sum", None).await.culprit(), ProblemCulprit::NotHere);
    fs::remove_file(&archive).unwrap();
    assert_eq!(refused(&store, "sum", None).await.culprit(), ProblemCulprit::NotHere);
    fs::write(&archive, whole).unwrap();
    assert_eq!(store.get(&wanted("sum", None)).await.unwrap().revision, revision);
}

fn copy(into: &Path, files: &[(&str, &str)]) {
    for (name, content) in files {
        let path = into.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

#[tokio::test]
async fn a_package_that_is_being_copied_is_judged_when_it_is_whole() {
    let problems = TempDir::new().unwrap();
    let mut settings = config::load(None).unwrap().problems;
    settings.directory = problems.path().to_owned();
    let store = ProblemStore::open(&settings).unwrap();
    for title in ["first", "second"] {
        let directory = problems.path().join("sum");
        fs::create_dir_all(&directory).unwrap();
        let files = [
            ("problem.yaml", format!("name: {title}\n")),
            ("data/secret/1.in", title.to_owned()),
            ("data/secret/1.ans", title.to_owned()),
            ("data/secret/2.in", title.to_owned()),
            ("data/secret/2.ans", title.to_owned()),
        ];
        // It is asked for when it is here in part.
        copy(&directory, &borrowed(&files[..3]));
        let asked = wanted("sum", None);
        let rest = async {
            tokio::task::yield_now().await;
            copy(&directory, &borrowed(&files[3..]));
        };
        let (package, ()) = tokio::join!(store.get(&asked), rest);
        let package = package.unwrap();
        assert_eq!((package.title.as_str(), package.tests.len()), (title, 2));
        let inputs = package
            .tests
            .iter()
            .map(|test| package.small_files.get(&test.input).unwrap());
        assert!(inputs.into_iter().all(|input| input == title));
    }
}

#[tokio::test]
async fn a_package_that_does_not_stop_changing_is_not_here_yet() {
    let problems = TempDir::new().unwrap();
    fs::create_dir(problems.path().join("sum")).unwrap();
    fs::write(problems.path().join("sum/problem.yaml"), "name: x\n").unwrap();
    let mut settings = config::load(None).unwrap().problems;
    settings.directory = problems.path().to_owned();
    settings.patience_ms = 0;
    let error = refused(&ProblemStore::open(&settings).unwrap(), "sum", None).await;
    assert!(matches!(error.fault(), ProblemFault::Changing { .. }), "{error}");
    assert_eq!(error.culprit(), ProblemCulprit::NotHere);
}

#[tokio::test]
async fn a_path_on_a_command_line_may_be_called_anything_and_an_id_may_not() {
    let place = TempDir::new().unwrap();
    for name in ["a b", "x [y]+(z)", "ü&$;'\"", "line\nfeed", ".hidden"] {
        let directory = place.path().join(name);
        for (path, content) in package("Adding") {
            let path = path.strip_prefix("adding/").unwrap();
            copy(&directory, &[(path, &content)]);
        }
        let package = Package::load(&directory).unwrap();
        let id = package.id.clone();
        assert!(!id.contains('\n'));
        assert_eq!(
            ProblemStore::single(package).get(&wanted(&id, None)).await.unwrap().id,
            id
        );

        let mut settings = config::load(None).unwrap().problems;
        settings.directory = place.path().to_owned();
        let error = refused(&ProblemStore::open(&settings).unwrap(), name, None).await;
        assert!(matches!(error.fault(), ProblemFault::NoId(id) if id == name), "{error}");
    }
}
