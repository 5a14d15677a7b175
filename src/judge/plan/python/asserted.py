

# Which asserts are run. Asserts of which none is accept every program.

import _ast

# What asserts find the count of these under. No name with two underscores is one of the submission's.
RAN = "__assize_ran__"

# What the name of the module is for asserts, as for a program that is started.
STARTED = "__main__"

# What may call a function whose name is nowhere.
CALLING_BY_NAME = {"globals", "locals", "vars", "getattr", "eval", "exec"}

FUNCTION_NODES = (_ast.FunctionDef, _ast.AsyncFunctionDef, _ast.Lambda)
BRANCH_NODES = (_ast.If, _ast.Try, _ast.TryStar, _ast.Match)


def parts(node):
    """What a node of the tree consists of."""
    for field in node._fields:
        value = getattr(node, field, None)
        for each in value if type(value) is list else [value]:
            if isinstance(each, _ast.AST):
                yield each


def within(node, apart=()):
    """A node and all inside of it, but for what is inside of some."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting += [each for each in parts(found) if not isinstance(each, apart)]


def called_name(node):
    """The name of what a call calls, behind the last dot."""
    function = node.func if isinstance(node, _ast.Call) else None
    return getattr(function, "attr", None) or getattr(function, "id", None) or ""


def is_raised(node):
    """Whether a statement raises what says that something is wrong. `SystemExit` says so with another code than 0."""
    error = getattr(node, "exc", None)
    if not isinstance(error, _ast.Call):
        return isinstance(node, _ast.Raise) and getattr(error, "id", None) != "SystemExit"
    is_end = called_name(error) == "SystemExit"
    return not (is_end and all(isinstance(each, _ast.Constant) and not each.value for each in error.args))


def fails(node):
    """Whether a statement is run only by what fails, so that to pass by it is to assert something."""
    if isinstance(node, _ast.Assert):
        return isinstance(node.test, _ast.Constant) and not node.test.value
    return is_raised(node) or called_name(node) == "fail"


def asserts(statement):
    """Whether who comes to a statement comes to something that is asserted."""
    if isinstance(statement, BRANCH_NODES):
        return any(map(fails, within(statement, FUNCTION_NODES)))
    if isinstance(statement, (_ast.With, _ast.AsyncWith)):
        return any("raises" in called_name(each.context_expr).lower() for each in statement.items)
    is_call = isinstance(statement, _ast.Expr) and called_name(statement.value).startswith(("assert", "fail"))
    return is_call or isinstance(statement, _ast.Assert) or is_raised(statement)


def count_before(statement):
    place = {name: getattr(statement, name) for name in statement._attributes}
    name = _ast.Name(id=RAN, ctx=_ast.Load(), **place)
    return _ast.Expr(value=_ast.Call(func=name, args=[], keywords=[], **place), **place)


def started(part):
    """In the place of `__name__` there is a text: classes of the asserts have a module of another name."""
    if not (isinstance(part, _ast.Name) and part.id == "__name__" and isinstance(part.ctx, _ast.Load)):
        return part
    return _ast.Constant(value=STARTED, **{name: getattr(part, name) for name in part._attributes})


def prepared(block, found):
    """A block, or another list of nodes, with counts."""
    changed = []
    for each in map(started, block):
        if isinstance(each, _ast.stmt) and asserts(each):
            found.add(each)
            changed.append(count_before(each))
        changed.append(each)
    return changed


def prepare(tree):
    """Has each statement that asserts something counted when it is come to. Tells these statements."""
    found = set()
    for node in list(within(tree)):
        for field in node._fields:
            value = getattr(node, field, None)
            setattr(node, field, prepared(value, found) if type(value) is list else started(value))
    return found


def returned(tree, name):
    """What a function of the module returns, as its source says."""
    functions = [each for each in tree.body if isinstance(each, FUNCTION_NODES) and each.name == name]
    inside = [part for each in functions for part in within(each, FUNCTION_NODES)]
    return [part.value for part in inside if isinstance(part, _ast.Return) and part.value is not None]


def is_no_word(node):
    """Whether something is neither true nor false by what it is."""
    if isinstance(node, _ast.Constant):
        return type(node.value) not in (bool, type(None))
    return isinstance(node, (_ast.Tuple, _ast.List, _ast.Set, _ast.Dict, _ast.JoinedStr))


def names_read(nodes, apart=()):
    return {part.id for node in nodes for part in within(node, apart) if isinstance(part, _ast.Name)}


def uncalled(tree, found, called):
    """Functions and classes that hold all that asserts something, where nothing comes to any of them."""
    defined, at_once = {}, []
    for each in tree.body:
        is_apart = isinstance(each, (*FUNCTION_NODES, _ast.ClassDef)) and not each.decorator_list
        if is_apart and found.isdisjoint(within(each, FUNCTION_NODES) if isinstance(each, _ast.ClassDef) else ()):
            defined[each.name] = each
        else:
            at_once.append(each)
    # The body of a class is run where it stands.
    bodies = [each for each in defined.values() if isinstance(each, _ast.ClassDef)]
    waiting, seen = [called, *names_read(at_once), *names_read(bodies, FUNCTION_NODES)], set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += names_read([defined[name]] if name in defined else [])
    holders = {name for name, each in defined.items() if not found.isdisjoint(within(each))}
    is_held = found <= {part for name in holders for part in within(defined[name])}
    return sorted(holders) if is_held and seen.isdisjoint(holders | CALLING_BY_NAME) else []
