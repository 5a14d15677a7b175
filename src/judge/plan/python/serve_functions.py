

# Does what the other end of a wire asks of the submission, one request after the other. Nothing here is trusted: the
# other end takes every answer for a claim.

CALL = os.path.abspath("assize_call.json")

# Objects that are no data stay here, and are known to the other end by their number.
handles = {}


def take_wire():
    """Standard input and output, which are then another file and standard error for the submission."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    return requests, replies


def target_of(module, request):
    if "handle" in request:
        found = handles[request["handle"]]
        for name in request["path"]:
            found = getattr(found, name)
        return found
    names = vars(module)
    first, *rest = request["path"]
    if first not in names and not rest and hasattr(names.get("Solution"), first):
        return getattr(names["Solution"](), first)
    found = names[first]
    for name in rest:
        found = getattr(found, name)
    return found


def as_data(value):
    """Data, or a handle of what is none."""
    try:
        return {"value": encode(value)}
    except NoData:
        handles[len(handles)] = value
        return {"handle": len(handles) - 1}


def reply_to(module, request):
    asked = list(request.get("args", []))
    try:
        if "path" in request and "handle" not in request and not is_there(module, request["path"][0]):
            return {"missing": request["path"][0]}
        # What becomes of arguments is told too: a function may change them.
        args = [decode(arg) for arg in asked]
        target = target_of(module, request)
        if request["do"] == "call":
            value = target(*args, **{name: decode(arg) for name, arg in request["kwargs"].items()})
        else:
            value = {"iter": iter, "next": next, "get": lambda found: found}[request["do"]](target)
    except BaseException as error:
        return {"raised": names_of(type(error)), "message": encode_text(str(error))}
    reply = as_data(value)
    changed = [encode(arg) if type(arg) in (list, dict, set) else None for arg in args]
    return {**reply, "args": changed} if changed else reply


def is_there(module, name):
    names = vars(module)
    return name in names or hasattr(names.get("Solution"), name)


def main():
    with open(CALL, "rb") as file:
        entry = json.load(file)["entry"]
    requests, replies = take_wire()
    try:
        module = load(entry)
    except BaseException as error:
        return failed(error)
    DECODERS["$handle"] = handles.__getitem__
    for line in requests:
        try:
            reply = reply_to(module, json.loads(line))
        except NoData as reason:
            reply = {"no_data": str(reason)}
        replies.write(json.dumps(reply, allow_nan=False).encode() + b"\n")
        replies.flush()
    return None


main()
