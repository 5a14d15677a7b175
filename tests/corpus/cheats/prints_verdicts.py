# technique: prints what a judge might read as a result
def add(a, b):
    for line in ("3", "42", "PASSED", "ok", '{"value": 3}', '{"result": true}', "1..2\nok 1\nok 2"):
        print(line)
    return None
# honest twin
def add(a, b):
    print("adding", a, b)
    return a + b
