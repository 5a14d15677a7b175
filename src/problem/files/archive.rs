//! Packages that come as zip archives (`.zip`, `.kpp`).
//!
//! An archive is not trusted: its list is measured before it is read, sizes are counted while it is inflated and not
//! believed from its headers, directories count as files also where only names hold them, and a name that leads out of the
//! directory, a symbolic link, or a path that the archive has twice is refused.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufReader, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

use rustix::io::Errno;
use tempfile::TempDir;
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use crate::config::ProblemSettings;
use crate::problem::files::central_directory::{CentralDirectory, View};
use crate::problem::files::is_package;
use crate::problem::files::survey::DEEPEST;
use crate::problem::package::name_for_people;
use crate::problem::{DataCase, DataCases, Package, PackageError, ValidatorProgram, Warning, input_validators};

/// What a file may add to an archive besides its content, in bytes: a header with its name before the content, and one
/// in the list.
const LISTED: u64 = 1 << 10;

/// Longest part of a name that a complaint quotes, in characters.
const QUOTED: usize = 200;

/// How much of a piece is inflated at once, in bytes.
const PIECE: usize = 64 << 10;

/// A package that was given as a directory or as an archive. What was unpacked goes away with it.
#[derive(Debug)]
pub struct OpenPackage {
    /// The package.
    pub package: Package,
    /// Where it lies.
    root: PathBuf,
    _unpacked: Option<TempDir>,
}

impl OpenPackage {
    /// Reads a directory, or a file `NAME.zip` or `NAME.kpp`, whose name is the package's id.
    ///
    /// # Errors
    /// Names the file that is missing or wrong.
    pub fn read(path: &Path, caps: ZipCaps) -> Result<Self, PackageError> {
        if !path.is_file() {
            return Ok(Self {
                package: Package::load(path)?,
                root: path.to_owned(),
                _unpacked: None,
            });
        }
        let unpacked = TempDir::with_prefix("assize-package-").map_err(PackageError::write(&std::env::temp_dir()))?;
        let archive = File::open(path).map_err(PackageError::read(path))?;
        let root = extract_zip(archive, unpacked.path(), caps).map_err(|error| error.about(path))?;
        let id = name_for_people(&path.file_stem().unwrap_or_default().to_string_lossy());
        let package = Package::load_as(&root, id)?;
        Ok(Self {
            package,
            root,
            _unpacked: Some(unpacked),
        })
    }

    /// What its data is checked with, beside submissions. Judging does not need it, and workers do not read it.
    ///
    /// # Errors
    /// Names the file, relative to the package, that is wrong.
    pub fn checks(&self) -> Result<PackageChecks, PackageError> {
        checks_of(&self.root, &self.package)
    }
}

/// What the data of a package that lies there is checked with.
///
/// # Errors
/// Names the file, relative to the package, that is wrong.
pub(in crate::problem) fn checks_of(root: &Path, package: &Package) -> Result<PackageChecks, PackageError> {
    let root = fs::canonicalize(root).map_err(PackageError::read(root))?;
    let read = || {
        let mut data = DataCases::read(&root, package)?;
        let input_validators = input_validators::read(&root, &package.constants, &mut data.warnings)?;
        let warnings = data.warnings.into_iter().map(|warning| warning.inside(&root));
        Ok(PackageChecks {
            input_validators,
            cases: data.cases,
            warnings: warnings.collect(),
        })
    };
    read().map_err(|error: PackageError| error.inside(&root))
}

/// What the data of a package is checked with.
#[derive(Debug, Clone, Default)]
pub struct PackageChecks {
    /// Programs that accept or reject inputs.
    pub input_validators: Vec<ValidatorProgram>,
    /// What they, and the output validator, are run on.
    pub cases: Vec<DataCase>,
    /// What is odd about either.
    pub warnings: Vec<Warning>,
}

/// How large an archive may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZipCaps {
    /// Bytes of all files together, counted while they are inflated: what the archive says about itself is no promise.
    pub bytes: u64,
    /// Files and directories.
    pub files: u64,
}

impl From<&ProblemSettings> for ZipCaps {
    fn from(settings: &ProblemSettings) -> Self {
        Self {
            bytes: settings.package_bytes,
            files: settings.package_files,
        }
    }
}

/// Unpacks an archive below `into`, and gives the directory that holds `problem.yaml`: the root, or the only directory in it.
///
/// # Errors
/// When the archive is broken or too large, or holds a name that leads out of it or a symbolic link. What was unpacked until
/// then stays: `into` is the caller's to remove.
pub fn extract_zip(archive: File, into: &Path, caps: ZipCaps) -> Result<PathBuf, PackageError> {
    let mut zip = opened(archive, into, caps)?;
    fs::create_dir_all(into).map_err(PackageError::write(into))?;
    let mut unpacking = Unpacking {
        into,
        bytes_left: caps.bytes,
        files_left: caps.files,
        directories: HashSet::new(),
    };
    for index in 0..zip.len() {
        let entry = zip.by_index(index).map_err(broken(into, "the archive is broken"))?;
        unpacking.extract(entry).map_err(|problem| match problem {
            EntryError::Invalid(message) => PackageError::invalid(into, message),
            EntryError::Broken(name, source) => broken(into, &format!("{} is broken", quoted(&name)))(source.into()),
            EntryError::TooLarge => too_large(into, caps),
            EntryError::TooMany => {
                let message = format!("the archive holds more than {} files and directories", caps.files);
                PackageError::invalid(into, message)
            }
            EntryError::Io(source) => PackageError::write(into)(source),
        })?;
    }
    let missing = "the archive holds no problem.yaml, at its top or in its only directory";
    root_of(into)
        .map_err(PackageError::read(into))?
        .ok_or_else(|| PackageError::invalid(into, missing))
}

type Zip = ZipArchive<BufReader<View>>;

/// An archive whose list is within the caps: it is read at once.
fn opened(archive: File, into: &Path, caps: ZipCaps) -> Result<Zip, PackageError> {
    let size = archive.metadata().map_err(PackageError::read(into))?.len();
    if size > caps.bytes.saturating_add(caps.files.saturating_mul(LISTED)) {
        return Err(too_large(into, caps));
    }
    let found = CentralDirectory::find(&archive).map_err(PackageError::read(into))?;
    let list = found.ok_or_else(|| no_archive(into))?;
    check_size(list, into, caps)?;
    let names = archive.try_clone().map_err(PackageError::read(into))?;
    let zip = match ZipArchive::new(BufReader::new(View::of(archive, list))) {
        Err(ZipError::InvalidArchive(_)) => return Err(no_archive(into)),
        zip => zip.map_err(broken(into, "cannot be read as a zip archive"))?,
    };
    check_names(&zip, list, &names, into)?;
    Ok(zip)
}

fn check_size(list: CentralDirectory, into: &Path, caps: ZipCaps) -> Result<(), PackageError> {
    let (holds, most) = (list.entries, caps.files);
    if holds > most {
        let message = format!("the archive holds {holds} files, at most {most} are allowed");
        return Err(PackageError::invalid(into, message));
    }
    let most_bytes = most.saturating_mul(LISTED / 2);
    if list.bytes > most_bytes {
        let message = format!(
            "the list of files in the archive has {} bytes, at most {most_bytes} are allowed",
            list.bytes
        );
        return Err(PackageError::invalid(into, message));
    }
    Ok(())
}

/// Of entries of one name the library keeps the last. Directories may be listed again.
fn check_names(zip: &Zip, list: CentralDirectory, archive: &File, into: &Path) -> Result<(), PackageError> {
    let dropped = list.entries.saturating_sub(zip.len() as u64);
    if dropped == 0 {
        return Ok(());
    }
    let doubled = list.doubled(archive).map_err(PackageError::read(into))?;
    let (directories, files): (Vec<_>, Vec<_>) = doubled.iter().partition(|name| name.ends_with(['/', '\\']));
    if directories.len() as u64 == dropped {
        return Ok(());
    }
    let named = files.first().map_or("a file".to_owned(), |name| quoted(name));
    Err(PackageError::invalid(into, format!("the archive holds {named} twice")))
}

fn no_archive(into: &Path) -> PackageError {
    let message = "is no zip archive; a problem package is a directory or a zip archive of one";
    PackageError::invalid(into, message)
}

fn too_large(into: &Path, caps: ZipCaps) -> PackageError {
    PackageError::invalid(into, format!("the archive holds more than {} bytes", caps.bytes))
}

fn broken(into: &Path, message: &str) -> impl FnOnce(ZipError) -> PackageError {
    let (path, message) = (into.to_owned(), message.to_owned());
    move |source| PackageError::Archive { path, message, source }
}

enum EntryError {
    Invalid(String),
    /// This file cannot be inflated, or the archive not be read.
    Broken(String, io::Error),
    TooLarge,
    TooMany,
    Io(io::Error),
}

impl EntryError {
    /// A file or directory cannot be made. The archive is at fault where its names are.
    fn unmade(shown: &str) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            let what = match Errno::from_io_error(&source) {
                Some(Errno::EXIST | Errno::NOTDIR | Errno::ISDIR) => "at whose path it holds something else, too",
                Some(Errno::NAMETOOLONG) => "whose name is too long",
                Some(Errno::INVAL | Errno::ILSEQ) => "whose name no file can have",
                _ => return Self::Io(source),
            };
            Self::Invalid(format!("the archive holds {}, {what}", quoted(shown)))
        }
    }
}

/// An archive that is being unpacked, and what it may still hold.
struct Unpacking<'a> {
    into: &'a Path,
    bytes_left: u64,
    files_left: u64,
    /// Those that were made, below `into`.
    directories: HashSet<PathBuf>,
}

impl Unpacking<'_> {
    fn extract(&mut self, entry: ZipFile<'_, BufReader<View>>) -> Result<(), EntryError> {
        let shown = decoded_name(&entry);
        let invalid = |what: String| EntryError::Invalid(format!("the archive holds {what}"));
        let no_plain_name = || invalid(format!("{}, which leads out of it or is no plain name", quoted(&shown)));
        let name = plain_name(&shown).ok_or_else(no_plain_name)?;
        if entry.is_symlink() {
            return Err(invalid(format!("the symbolic link {}", quoted(&shown))));
        }
        let directory = match shown.ends_with('/') {
            true => Some(&*name),
            false => name.parent(),
        };
        let directory = directory.unwrap_or(Path::new(""));
        if directory.components().count() > DEEPEST {
            return Err(invalid(format!(
                "a file or directory that lies more than {DEEPEST} directories deep"
            )));
        }
        self.make(directory, &shown)?;
        match shown.ends_with('/') {
            true => Ok(()),
            false => self.write(entry, &self.into.join(name), shown),
        }
    }

    /// Makes a directory, and those that it is in. Each counts once.
    fn make(&mut self, directory: &Path, shown: &str) -> Result<(), EntryError> {
        for part in directory.ancestors().filter(|part| part.file_name().is_some()) {
            if !self.directories.insert(part.to_owned()) {
                break;
            }
            self.count()?;
        }
        fs::create_dir_all(self.into.join(directory)).map_err(EntryError::unmade(shown))
    }

    fn count(&mut self) -> Result<(), EntryError> {
        self.files_left = self.files_left.checked_sub(1).ok_or(EntryError::TooMany)?;
        Ok(())
    }

    fn write(&mut self, mut entry: ZipFile<'_, BufReader<View>>, path: &Path, shown: String) -> Result<(), EntryError> {
        self.count()?;
        let mut file = File::create_new(path).map_err(EntryError::unmade(&shown))?;
        let mut piece = vec![0; PIECE];
        loop {
            let length = match entry.read(&mut piece) {
                Ok(0) => return Ok(()),
                Ok(length) => length,
                Err(source) => return Err(EntryError::Broken(shown, source)),
            };
            let left = self.bytes_left.checked_sub(length as u64);
            self.bytes_left = left.ok_or(EntryError::TooLarge)?;
            file.write_all(&piece[..length]).map_err(EntryError::Io)?;
        }
    }
}

/// The name of an entry with `/` between its parts. Archives of Windows hold `\\`, and names in code page 437 where they
/// are not marked as UTF-8.
fn decoded_name(entry: &ZipFile<'_, BufReader<View>>) -> String {
    let raw = entry.name_raw();
    let name = match std::str::from_utf8(raw) {
        Ok(name) => Cow::Borrowed(name),
        Err(_not_utf8) => entry.name().unwrap_or_else(|_broken| String::from_utf8_lossy(raw)),
    };
    name.replace('\\', "/")
}

/// A name as a complaint has it.
fn quoted(name: &str) -> String {
    match name.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{:?} and {} more bytes", &name[..end], name.len() - end),
        None => format!("{name:?}"),
    }
}

/// A relative path of plain names, without `..`, a drive or NUL. What is odd is refused, not mended.
fn plain_name(name: &str) -> Option<PathBuf> {
    let is_plain = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    let is_drive = name.as_bytes().get(1) == Some(&b':');
    let path = Path::new(name);
    let fits = !name.is_empty() && !name.contains('\0') && !is_drive && path.components().all(is_plain);
    fits.then(|| path.to_owned())
}

fn root_of(into: &Path) -> io::Result<Option<PathBuf>> {
    if is_package(into) {
        return Ok(Some(into.to_owned()));
    }
    let mut found = None;
    for entry in fs::read_dir(into)? {
        let path = entry?.path();
        if is_package(&path) {
            if found.is_some() {
                return Ok(None);
            }
            found = Some(path);
        }
    }
    Ok(found)
}
