//! The functions and classes of a text, and what is read in each of them.

use std::collections::{HashMap, HashSet};

use crate::contract::check::asking::names::{is_keyword, is_of_python};
use crate::contract::check::asking::statement::Statement;
use crate::contract::check::asking::words::{Line, Word};

/// Statements with a block, whose first line has an expression, or none.
const COMPOUND: &[&str] = &["if", "elif", "else", "for", "while", "with", "try", "except", "finally"];

/// Names that are keywords where they begin such a statement.
const SOFT: &[&str] = &["match", "case"];

/// What a scope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Module,
    /// What is in it is run when it is called.
    Function,
    /// What is in it is run at once.
    Class,
}

/// The module, or a function or class in it.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub(super) kind: Kind,
    pub(super) name: &'a str,
    /// The one that it stands in; that of the module is itself.
    pub(super) parent: usize,
    /// Something else is done with it where it is defined.
    pub(super) is_decorated: bool,
    pub(super) parameters: HashSet<&'a str>,
    indent: usize,
    bound: HashSet<&'a str>,
    /// All that is read.
    pub(super) reads: Vec<&'a str>,
    /// What is read in a module or class, before the text has given the name a meaning of its own.
    before: Vec<&'a str>,
    /// What is read, and the text gives no meaning.
    pub(super) foreign: Vec<&'a str>,
}

impl<'a> Scope<'a> {
    fn new(kind: Kind, name: &'a str, (parent, indent): (usize, usize)) -> Self {
        Self {
            kind,
            name,
            parent,
            is_decorated: false,
            parameters: HashSet::new(),
            indent,
            bound: HashSet::new(),
            reads: Vec::new(),
            before: Vec::new(),
            foreign: Vec::new(),
        }
    }

    /// Names that mean something by it in the functions that it holds.
    fn gives(&self) -> impl Iterator<Item = &'a str> + use<'_, 'a> {
        let is_visible = self.kind != Kind::Class;
        self.bound.union(&self.parameters).copied().filter(move |_| is_visible)
    }
}

/// The scopes of a text; the first one is its module.
#[derive(Debug)]
pub(super) struct Scopes<'a> {
    pub(super) all: Vec<Scope<'a>>,
    /// Those that the line which is read stands in, outermost first.
    open: Vec<usize>,
    /// The line before decorates what this one defines.
    decorates: bool,
}

impl<'a> Scopes<'a> {
    pub(super) fn of(lines: &[Line<'a>]) -> Self {
        let mut scopes = Self {
            all: vec![Scope::new(Kind::Module, "", (0, 0))],
            open: vec![0],
            decorates: false,
        };
        for line in lines {
            scopes.line(line);
        }
        scopes.resolve();
        scopes
    }

    fn line(&mut self, line: &Line<'a>) {
        while self.open.len() > 1 && line.indent <= self.all[self.innermost()].indent {
            self.open.pop();
        }
        let words = match &line.words[..] {
            [Word::Name("async"), rest @ ..] => rest,
            words => words,
        };
        match words {
            [Word::Name("def"), Word::Name(name), header @ ..] => self.function(name, header, line.indent),
            [Word::Name("class"), Word::Name(name), header @ ..] => self.class(name, header, line.indent),
            [Word::Name(keyword), ..] if COMPOUND.contains(keyword) => {
                let (header, body) = header_and_body(words);
                self.statement(header);
                self.statement(body);
            }
            [Word::Name(keyword), rest @ ..] if SOFT.contains(keyword) && begins_block(rest) => {
                let (header, body) = header_and_body(rest);
                let is_case = *keyword == "case";
                // In a pattern `_` is no name.
                let header = header.iter().filter(|word| !is_case || **word != Word::Name("_"));
                self.statement(&header.copied().collect::<Vec<_>>());
                self.statement(body);
            }
            _ => self.statement(words),
        }
        self.decorates = matches!(words, [Word::Sign("@"), ..]);
    }

    fn innermost(&self) -> usize {
        self.open.last().copied().unwrap_or_default()
    }

    fn function(&mut self, name: &'a str, header: &[Word<'a>], indent: usize) {
        let outer = self.innermost();
        self.all[outer].bound.insert(name);
        let (header, body) = header_and_body(header);
        let mut scope = Scope::new(Kind::Function, name, (outer, indent));
        scope.is_decorated = self.decorates;
        let mut depth = 0_usize;
        for (at, word) in header.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| header.get(before));
            match word {
                Word::Sign("(" | "[" | "{") => depth += 1,
                Word::Sign(")" | "]" | "}") => depth = depth.saturating_sub(1),
                Word::Name(name) if is_keyword(name) => {}
                Word::Name(name) if depth == 1 && matches!(before, Some(Word::Sign("(" | "," | "*"))) => {
                    scope.parameters.insert(name);
                }
                // Defaults and annotations.
                Word::Name(name) => self.read(outer, name),
                Word::Constant | Word::Sign(_) => {}
            }
        }
        self.enter(scope, body);
    }

    fn class(&mut self, name: &'a str, header: &[Word<'a>], indent: usize) {
        let outer = self.innermost();
        let (header, body) = header_and_body(header);
        self.statement(header);
        self.all[outer].bound.insert(name);
        let mut scope = Scope::new(Kind::Class, name, (outer, indent));
        scope.is_decorated = self.decorates;
        self.enter(scope, body);
    }

    fn enter(&mut self, scope: Scope<'a>, body: &[Word<'a>]) {
        self.open.push(self.all.len());
        self.all.push(scope);
        self.statement(body);
    }

    fn statement(&mut self, words: &[Word<'a>]) {
        let inner = self.innermost();
        let Statement {
            reads,
            modules,
            binds,
            globals,
        } = Statement::of(words);
        for name in reads {
            self.read(inner, name);
        }
        // The text may define them.
        self.all[inner].reads.extend(modules);
        self.all[inner].bound.extend(binds);
        // They are set there as soon as the function is called.
        self.all[0].bound.extend(globals);
    }

    fn read(&mut self, scope: usize, name: &'a str) {
        let is_known = self.all[scope].bound.contains(name) || self.all[0].bound.contains(name);
        let scope = &mut self.all[scope];
        scope.reads.push(name);
        if !is_known {
            scope.before.push(name);
        }
    }

    /// Says of each scope what it reads that the text gives no meaning. A function knows what it, those around it and the
    /// module give one. Scopes come in the order of the text: those that one stands in are open when it comes.
    fn resolve(&mut self) {
        let mut open: Vec<usize> = Vec::new();
        let mut known: HashMap<&'a str, usize> = HashMap::new();
        for index in 0..self.all.len() {
            while let Some(last) = open.pop_if(|last| index > 0 && *last != self.all[index].parent) {
                for name in self.all[last].gives() {
                    known.entry(name).and_modify(|count| *count -= 1);
                }
            }
            for name in self.all[index].gives() {
                *known.entry(name).or_default() += 1;
            }
            open.push(index);
            let scope = &mut self.all[index];
            let is_known = |name: &&str| known.get(name).is_some_and(|count| *count > 0);
            let is_function = scope.kind == Kind::Function;
            let names = scope.before.iter().copied();
            scope.foreign = names.filter(|name| !is_function || !is_known(name)).collect();
        }
    }

    /// The function or class of the module that a scope is, or is inside of; the module of itself.
    pub(super) fn below_module(&self, mut index: usize) -> usize {
        while self.all[index].parent != 0 {
            index = self.all[index].parent;
        }
        index
    }

    /// The scopes whose code is run, where `called` is called beside what the text calls. A function is run if its name,
    /// or that of a class around it, is read in code that is.
    pub(super) fn run(&self, called: Option<&str>) -> HashSet<usize> {
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut inside: HashMap<usize, Vec<usize>> = HashMap::new();
        for (index, scope) in self.all.iter().enumerate().skip(1) {
            inside.entry(scope.parent).or_default().push(index);
            by_name.entry(scope.name).or_default().push(index);
        }
        let inside = |index: usize| inside.get(&index).into_iter().flatten().copied();
        let named = |name: &str| by_name.get(name).into_iter().flatten().copied();
        let (mut run, mut opened, mut seen) = (HashSet::new(), HashSet::new(), HashSet::new());
        let is_called = |index: &usize| self.all[*index].parent == 0;
        let called = called.into_iter().flat_map(named).filter(is_called);
        let mut waiting: Vec<(usize, bool)> = std::iter::once((0, false))
            .chain(called.map(|index| (index, true)))
            .collect();
        while let Some((index, is_named)) = waiting.pop() {
            let scope = &self.all[index];
            if is_named && scope.kind == Kind::Class && opened.insert(index) {
                waiting.extend(inside(index).map(|each| (each, true)));
            }
            if !run.insert(index) {
                continue;
            }
            let is_run_at_once = |each: &usize| self.all[*each].kind == Kind::Class || self.all[*each].is_decorated;
            waiting.extend(inside(index).filter(is_run_at_once).map(|each| (each, false)));
            let names = scope.reads.iter().filter(|name| seen.insert(**name));
            waiting.extend(names.flat_map(|name| named(name)).map(|each| (each, true)));
        }
        run
    }
}

/// Whether what stands behind a name that is a keyword in places makes it one: a subject, a colon and a block.
fn begins_block(rest: &[Word<'_>]) -> bool {
    let is_used_as_name = matches!(rest, [Word::Sign(":" | "=" | "." | "," | ")"), ..] | []);
    !is_used_as_name && header_and_body(rest).0.len() < rest.len()
}

/// What stands before the colon behind which a block begins, and what stands behind it on the same line.
fn header_and_body<'w, 'a>(words: &'w [Word<'a>]) -> (&'w [Word<'a>], &'w [Word<'a>]) {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate() {
        match word {
            Word::Sign("(" | "[" | "{") => depth += 1,
            Word::Sign(")" | "]" | "}") => depth = depth.saturating_sub(1),
            Word::Sign(":") if depth == 0 => return (&words[..at], &words[at + 1..]),
            _ => {}
        }
    }
    (words, &[])
}

/// Whether a name that the text gives no meaning may be one of the program.
pub(super) fn may_be_of_program(name: &str) -> bool {
    !is_keyword(name) && !is_of_python(name)
}
