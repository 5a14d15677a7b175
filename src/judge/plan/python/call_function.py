

# Calls a function of the submission, and leaves what it returns as data. Nothing here is trusted: it runs beside the
# submission, which can claim any value and never learns which one is expected.

CALL = os.path.abspath("assize_call.json")
REPORT = os.path.abspath("assize_report.json")


def report(content):
    data = json.dumps(content, allow_nan=False).encode()
    with open(os.open(REPORT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as file:
        file.write(data)


def outcome(value, args):
    try:
        content = {"value": encode(value)}
        if args is not None:
            content["args"] = [encode(arg) for arg in args]
    except NoData as reason:
        return {"no_data": str(reason)}
    return content


def main():
    with open(CALL, "rb") as file:
        asked = json.load(file)
    args = [decode(arg) for arg in asked["args"]]
    kwargs = {name: decode(arg) for name, arg in asked["kwargs"].items()}
    try:
        function = find(load(asked["entry"]), asked["call"])
    except BaseException as error:
        return failed(error)
    try:
        value = function(*args, **kwargs)
    except BaseException as error:
        report({"raised": names_of(type(error)), "message": encode_text(str(error))})
        return failed(error)
    report(outcome(value, args if asked["report_args"] else None))
    return None


main()
