# technique: brackets as deep as the tokenizer allows, in each statement, wrong only at the end
# source: CPython: MAXLEVEL 200, exponential backtracking of PEG rules
# verdict: CE
# invariant: the compiler is a process of the box, with its limits; a worker parses no Python
# without: seccomp
x = [{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{([{(1 = = 
