//! The functions and classes of a text, and what is read in each of them.

use std::collections::{HashMap, HashSet};

use crate::contract::check::asking::names::{is_keyword, is_of_python};
use crate::contract::check::asking::statement::Statement;
use crate::contract::check::asking::words::{Line, Word};

/// Statements with a block, whose first line has an expression, or none.
const COMPOUND: &[&str] = &[
    "if", "elif", "else", "for", "while", "with", "try", "except", "finally", "match", "case",
];

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
    pub(super) parameters: Vec<&'a str>,
    indent: usize,
    bound: HashSet<&'a str>,
    /// All that is read.
    pub(super) reads: Vec<&'a str>,
    /// What is read in a module or class, before the text has given the name a meaning of its own.
    before: Vec<&'a str>,
}

impl<'a> Scope<'a> {
    fn new(kind: Kind, name: &'a str, (parent, indent): (usize, usize)) -> Self {
        Self {
            kind,
            name,
            parent,
            is_decorated: false,
            parameters: Vec::new(),
            indent,
            bound: HashSet::new(),
            reads: Vec::new(),
            before: Vec::new(),
        }
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
                    scope.parameters.push(name);
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

    /// Names that a scope reads, and the text gives no meaning.
    pub(super) fn foreign(&self, index: usize) -> impl Iterator<Item = &'a str> {
        let scope = &self.all[index];
        let names = scope.before.iter().copied();
        names.filter(move |name| scope.kind != Kind::Function || !self.is_bound_around(index, name))
    }

    /// Whether a function, one around it or the module gives the name a meaning.
    fn is_bound_around(&self, mut index: usize, name: &str) -> bool {
        loop {
            let scope = &self.all[index];
            let is_visible = scope.kind != Kind::Class;
            if is_visible && (scope.bound.contains(name) || scope.parameters.contains(&name)) {
                return true;
            }
            if index == 0 {
                return false;
            }
            index = scope.parent;
        }
    }

    /// The class that a scope stands in, the one that that stands in, and so on.
    fn classes_around(&self, index: usize) -> impl Iterator<Item = &'a str> {
        let around =
            |index: &usize| Some(self.all[*index].parent).filter(|parent| self.all[*parent].kind == Kind::Class);
        std::iter::successors(around(&index), around).map(|class| self.all[class].name)
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
            for class in self.classes_around(index) {
                by_name.entry(class).or_default().push(index);
            }
        }
        let (mut run, mut waiting) = (HashSet::new(), vec![0]);
        let mut seen: HashSet<&str> = HashSet::new();
        if let Some(called) = called {
            let is_called = |index: &&usize| self.all[**index].parent == 0;
            waiting.extend(by_name.get(called).into_iter().flatten().filter(is_called));
        }
        while let Some(index) = waiting.pop() {
            if !run.insert(index) {
                continue;
            }
            let is_run_at_once = |each: &&usize| self.all[**each].kind == Kind::Class || self.all[**each].is_decorated;
            waiting.extend(inside.get(&index).into_iter().flatten().filter(is_run_at_once));
            for name in &self.all[index].reads {
                if seen.insert(name) {
                    waiting.extend(by_name.get(name).into_iter().flatten());
                }
            }
        }
        run
    }
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
