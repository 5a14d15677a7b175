"""Looks at the page in a real browser, as a person would: page.py CASE BASE TOKEN CHROMIUM [DIRECTORY].

Each case is a function. What the service was given before is the matter of the test that starts this; the ids of
submissions come from the list on the page itself. DIRECTORY is for pictures of every page, which people look at.
"""

import json
import os
import re
import sys
import urllib.parse
import urllib.request
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

CASE, BASE, TOKEN, CHROMIUM = sys.argv[1:5]
PICTURES = sys.argv[5] if len(sys.argv) > 5 else None
PATIENCE = 50_000
RIGHT = "print(sum(map(int, input().split())))"
EXAMPLES = Path(__file__).parents[3] / "examples"

# Prints what a page must not obey: tags, a terminal's codes, marks that turn the direction of writing, bytes that are no text.
HOSTILE = r"""
import sys
print("<script>window.caught=1</script><img src=x onerror='window.caught=1'></pre><h1 id=caught>caught</h1>")
print("\x1b[2J\x1b[31mred \u202eesrever\u2066 zero\u200bwidth \x07")
sys.stdout.flush()
sys.stdout.buffer.write(b"\xff\xfe</textarea>\n")
"""

# The same of the corpus of attacks, and a program that shows another one than runs, with what is seen of their outputs.
ATTACKS = os.path.join(os.path.dirname(__file__), "../../attacks/programs")
HOSTILE_ATTACKS = {
    "forge/markup_and_logs.py": "<script>alert(1)</script>",
    "forge/terminal_escapes.py": r"\x1b[2J\x1b[H",
    "exhaust/nul_and_control_output.py": r"\x00\x00",
    "source/direction_marks.py": re.compile("held|ESCAPED"),
}


# What a user and a file may be called.
NAME = "\"><script>window.caught=1<!--\u202eyp.x".replace("/", "")


def opened(request):
    try:
        return urllib.request.urlopen(request)
    except urllib.error.HTTPError as refused:
        raise AssertionError(f"{refused}: {refused.read()}") from refused


def api(path, body):
    headers = {"content-type": "application/json", "authorization": f"Bearer {TOKEN}"}
    request = urllib.request.Request(BASE + path, json.dumps(body).encode(), headers)
    with opened(request) as answer:
        return json.load(answer)


def submit(source, **more):
    return api("/v1/submissions?wait=50", {"source": source, **more})["id"]


class Visit:
    """A browser of one person. What its console complains about fails the case."""

    def __init__(self, browser, **options):
        self.context = browser.new_context(base_url=BASE, **options)
        self.context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        self.page = self.context.new_page()
        self.complaints, self.foreign = [], []
        self.page.on("console", lambda told: told.type in ("error", "warning") and self.complaints.append(told.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        self.page.on("request", lambda asked: asked.url.startswith(BASE) or self.foreign.append(asked.url))

    def log_in(self):
        self.page.goto("/page/board")
        if "/page/login" in self.page.url:
            self.page.get_by_label("Token").fill(TOKEN)
            self.page.get_by_role("button", name="Log in").click()
        expect(self.page.get_by_role("heading", name="Board")).to_be_visible()
        return self.page

    def end(self):
        self.context.close()
        assert not self.complaints, self.complaints
        assert not self.foreign, f"asked another host: {self.foreign}"


def login(browser):
    """A wrong token is refused, the cookie is not to be had by scripts and does not hold the token, and logging out ends it."""
    visit = Visit(browser)
    page = visit.page
    page.goto("/page/submissions?state=WA")
    page.get_by_label("Token").fill("assize_wrong")
    page.get_by_label("Token").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not known")
    # The browser notes the status of the refusal.
    visit.complaints = [told for told in visit.complaints if "401" not in told]
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_label("Token").press("Enter")
    page.wait_for_url("**/page/submissions?state=WA")
    (cookie,) = visit.context.cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and TOKEN not in cookie["value"], cookie
    csrf = page.locator("input[name=csrf]").first.input_value()
    form = {"csrf": csrf, "source": "print(1)", "problem": ""}
    post = visit.context.request.post
    assert post("/page/playground", form=form, headers={"origin": BASE}, max_redirects=0).status == 303
    for change, headers in [
        ({"csrf": "guessed"}, {}),
        ({"csrf": ""}, {}),
        ({}, {"origin": "https://evil.example"}),
        ({}, {"origin": "null"}),
        ({}, {"sec-fetch-site": "cross-site"}),
    ]:
        refused = post("/page/playground", form={**form, **change}, headers=headers, max_redirects=0)
        assert refused.status == 403, (change, headers, refused.status)
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Token")).to_be_visible()
    visit.context.add_cookies([cookie])
    page.goto("/page/board")
    expect(page.get_by_label("Token")).to_be_visible()
    visit.end()


def hostile(browser):
    """Whatever a program prints is text on the page."""
    ids = [
        api("/v1/run", {"source": HOSTILE})["id"],
        submit(HOSTILE, problem={"id": "sum"}),
        submit("<script>window.caught=1</script>\x1b[31m\u202e", problem={"id": "sum"}),
        api(
            "/v1/submissions?wait=50",
            {"language": "python3", "files": [{"name": NAME, "content": "1"}], "run": {}, "metadata": {"user": NAME}},
        )["id"],
    ]
    seen_of = {}
    for attack, seen in HOSTILE_ATTACKS.items():
        with open(os.path.join(ATTACKS, attack), encoding="utf-8") as program:
            source = program.read()
        ran = api("/v1/run", {"source": source})["id"]
        seen_of[ran] = seen
        ids += [ran, submit(source, problem={"id": "sum"})]
    visit = Visit(browser)
    page = visit.log_in()
    named = f"/page/submissions?{urllib.parse.urlencode({'user': NAME})}"
    paths = ["/page/board", "/page/submissions", "/page/findings", f"/page/playground?from={ids[3]}", named]
    for path in paths + [f"/page/submissions/{id}" for id in ids]:
        page.goto(path)
        expect(page.get_by_role("heading").first).to_be_visible()
        for closed in page.locator("details:not([open]) > summary").all():
            closed.click()
        assert page.evaluate("window.caught === undefined"), path
        assert page.locator("#caught, img, h1 ~ h1").count() == 0, path
        seen = page.locator("body").inner_text()
        hidden = re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]", seen)
        assert not hidden, (path, hidden)
    for id, seen in seen_of.items():
        page.goto(f"/page/submissions/{id}")
        expect(page.locator("pre").filter(has_text=seen).first).to_be_visible()
    page.goto(f"/page/submissions/{ids[0]}")
    printed = page.locator("pre").filter(has_text="red").first
    for shown in ["<script>window.caught=1</script>", r"\x1b[31mred", r"\u202eesrever", r"\u200b", r"\x07", r"\xff\xfe</textarea>"]:
        expect(printed).to_contain_text(shown)
    expect(printed.locator(".ctl").first).to_have_text(r"\x1b")
    visit.end()


def no_script(browser):
    """Without JavaScript everything can be read, and a program can be handed in."""
    visit = Visit(browser, java_script_enabled=False)
    page = visit.log_in()
    page.get_by_role("navigation").get_by_role("link", name="Playground").click()
    page.get_by_label("Program").fill("import time\ntime.sleep(0.5)\nprint(input()[::-1])")
    page.get_by_label("Standard input").fill("drawer")
    page.get_by_role("button", name="Run").click()
    page.wait_for_url("**/page/submissions/*")
    # The page loads itself again until there is an answer.
    expect(page.locator("pre").filter(has_text="reward")).to_be_visible()
    expect(page.locator("pre").filter(has_text="time.sleep(0.5)")).to_be_visible()
    page.get_by_role("link", name="Change it in the playground").click()
    expect(page.get_by_label("Program")).to_have_value("import time\ntime.sleep(0.5)\nprint(input()[::-1])")
    expect(page.get_by_label("Standard input")).to_have_value("drawer")
    submit("print(1 + 1)", problem={"id": "sum"})
    page.get_by_role("link", name="Submissions").click()
    page.get_by_label("Verdict").select_option("WA")
    page.get_by_role("button", name="Show").click()
    page.locator("tbody a").first.click()
    expect(page.locator("mark").first).to_be_visible()
    expect(page.locator("pre").first).to_be_visible()
    visit.end()


def submissions(browser):
    """The list says what was handed in, by whom and what it used; filters add up, and an empty list says what to do."""
    visit = Visit(browser)
    page = visit.log_in()
    page.get_by_role("link", name="Submissions").click()
    expect(page.locator("p.none")).to_contain_text("Nothing was handed in yet")
    sum_ = {"id": "sum"}
    right = submit(RIGHT, problem=sum_, metadata={"user": "ada"})
    wrong = submit("print(0)", problem=sum_, metadata={"user": "ada"})
    other = submit(RIGHT, problem=sum_, metadata={"user": 4711})
    files = [{"name": "of.py", "content": "import tools"}, {"name": "tools.py", "content": ""}]
    several = api("/v1/submissions?wait=50", {"files": files, "entry_point": "of.py", "run": {}})["id"]
    page.goto("/page/submissions")

    def listed(*ids):
        expect(page.locator("tbody a[id^=s-]")).to_have_count(len(ids))
        found = [link.get_attribute("id") for link in page.locator("tbody a[id^=s-]").all()]
        assert found == [f"s-{id}" for id in ids], found

    listed(several, other, wrong, right)
    heads = page.locator("thead th").all_inner_texts()
    assert heads[:9] == ["submission", "when", "problem", "user", "file", "language", "verdict", "time", "memory"], heads
    cells = page.locator("tbody tr").nth(3).locator("td").all_inner_texts()
    assert cells[2:7] == ["sum", "ada", "main.py", "python3", "AC"], cells
    assert re.fullmatch(r"\d+\.\d{3} s", cells[7]) and cells[8].endswith("MiB"), cells
    expect(page.locator("tbody tr").first.locator("td[data-label=file]")).to_have_text("of.py")
    page.get_by_role("link", name="ada").first.click()
    listed(wrong, right)
    page.get_by_label("Verdict").select_option("AC")
    page.get_by_role("button", name="Show", exact=True).click()
    listed(right)
    page.get_by_label("User").fill("4711")
    page.get_by_label("User").press("Enter")
    listed(other)
    page.get_by_label("Problem").fill("none")
    page.get_by_label("Problem").press("Enter")
    expect(page.locator("p.none")).to_contain_text("No submission is like that")
    page.locator("p.none").get_by_role("link", name="Show all").click()
    listed(several, other, wrong, right)
    visit.end()


def live(browser):
    """The board follows what is judged, and a program of the playground is watched to its verdict, without loading a page."""
    visit = Visit(browser)
    page = visit.log_in()
    page.evaluate("window.same = true")
    done = submit(RIGHT, problem={"id": "sum"})
    row = page.locator("tr", has=page.locator(f"#s-{done}"))
    expect(row.locator(".state")).to_have_text("AC")
    assert page.locator("svg").count() == 2
    assert page.evaluate("window.same"), "the board was loaded again"
    page.get_by_role("link", name="Playground").click()
    page.evaluate("window.same = true")
    page.get_by_label("Program").fill(RIGHT.replace("sum", "max"))
    page.get_by_label("Judge against").select_option("sum")
    page.get_by_role("button", name="Run").click()
    outcome = page.locator("#outcome")
    expect(outcome.locator(".outcome .state")).to_have_text("WA")
    expect(outcome.locator("mark")).to_have_count(2)
    assert page.evaluate("window.same"), "the playground was loaded again"
    page.get_by_label("Program").fill("")
    page.get_by_label("Program").fill("while True: print('x' * 1000)")
    page.get_by_label("Judge against").select_option("")
    page.get_by_role("button", name="Run").click()
    expect(outcome.locator(".outcome .state")).to_have_text(re.compile("OLE|TLE"))
    visit.end()


def logged_out(browser):
    """A page that is open says when its session has ended, and where to log in again."""
    visit = Visit(browser)
    page = visit.log_in()
    other = visit.context.new_page()
    other.goto("/page/submissions")
    other.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("alert")).to_contain_text("You are logged out")
    picture(page, "logged-out-1280")
    page.get_by_role("link", name="Log in again").click()
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_label("Token").press("Enter")
    page.wait_for_url("**/page/board")
    visit.end()


def keyboard(browser):
    """Everything can be reached and done by keys alone, and one sees where one is."""
    visit = Visit(browser)
    page = visit.page
    page.goto("/page/board")
    if "/page/login" in page.url:
        # A browser gives the focus when it first draws, which may be after the page is loaded.
        expect(page.get_by_label("Token")).to_be_focused()
        page.keyboard.type(TOKEN)
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Board")).to_be_visible()

    def tab_to(name):
        for _ in range(60):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "(e => [e.id, e.textContent.trim(), getComputedStyle(e).outlineStyle])(document.activeElement)"
            )
            if name in focused[:2]:
                assert focused[2] != "none" or focused[0] in ("source", "stdin"), f"{name} does not show that it has the focus"
                return
        raise AssertionError(f"{name} is not reached by Tab")

    tab_to("Skip to the content")
    tab_to("Playground")
    page.keyboard.press("Enter")
    page.wait_for_url("**/page/playground")
    tab_to("source")
    page.keyboard.type("print(int(input()) * 2)")
    tab_to("stdin")
    page.keyboard.type("21")
    tab_to("Run")
    page.keyboard.press("Enter")
    expect(page.locator("#outcome pre").first).to_have_text("42\n")
    visit.end()


def phone(browser):
    """No page is wider than a phone, in light and dark, and what is to be touched is large enough."""
    long = "x" * 300
    ids = [
        api("/v1/run", {"source": f"print('{long}')\nimport sys\nprint('{long}', file=sys.stderr)"})["id"],
        submit(f"print('{long}')", problem={"id": "sum"}),
        submit("import os\nos.fork()\nprint(3)", problem={"id": "sum"}),
    ]
    paths = ["board", "submissions", "submissions?user=x", f"playground?from={ids[1]}", "problems", "problems/sum", "findings", "dead"]
    paths += [f"submissions/{id}" for id in ids]
    for colour, width in [("light", 360), ("dark", 360), ("light", 1280), ("dark", 1280)]:
        visit = Visit(browser, viewport={"width": width, "height": 800}, color_scheme=colour)
        visit.page.goto("/page/login")
        picture(visit.page, f"login-{colour}-{width}")
        page = visit.log_in()
        for path in paths:
            if path == "dead" and page.get_by_role("link", name="Dead letters").count() == 0:
                continue
            page.goto(f"/page/{path}")
            if path in ("board", "dead"):
                # Their parts come over a while.
                expect(page.locator("h1")).to_be_visible()
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} wide in {colour}"
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert (sum(map(int, re.findall(r"\d+", ground)[:3])) < 300) == (colour == "dark"), (path, ground)
            picture(page, f"{re.sub('[/?=]', '-', path)[:24]}-{colour}-{width}")
        visit.end()


def operator(browser):
    """With RabbitMQ and PostgreSQL: queues, workers, sources, attempts, judging once more, dead letters and rejected messages."""
    visit = Visit(browser)
    page = visit.log_in()
    expect(page.get_by_role("heading", name="Workers")).to_be_visible()
    expect(page.locator("td[data-label=state] .state").filter(has_text="ready").first).to_be_visible()
    expect(page.locator("td[data-label=for]").filter(has_text="dead")).to_be_visible()
    submitted = submit(RIGHT, problem={"id": "sum"})
    page.goto(f"/page/submissions/{submitted}")
    expect(page.locator("pre").filter(has_text=RIGHT)).to_be_visible()
    expect(page.locator("td[data-label=outcome]")).to_have_text("verdict")
    page.get_by_role("button", name="Judge once more").click()
    page.wait_for_url("**?rejudge=*")
    page.evaluate("window.same = true")
    rows = page.locator("td[data-label=outcome]")
    expect(rows.filter(has_text="verdict, once more")).to_have_count(1)
    expect(page.get_by_role("button", name="Judge once more")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    expect(page.locator(".outcome")).not_to_contain_text("once more")
    assert page.evaluate("window.same"), "the page was loaded again"
    slow = submit(f"import time\ntime.sleep(2)\n{RIGHT}", problem={"id": "sum"})
    page.goto(f"/page/submissions/{slow}")
    page.get_by_role("button", name="Judge once more").click()
    expect(page.locator(".outcome")).to_contain_text("it is being judged once more")
    expect(page.locator("progress")).to_be_visible()
    picture(page, "rejudging-1280")
    page.set_viewport_size({"width": 360, "height": 800})
    picture(page, "rejudging-360")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("td[data-label=verdict]").filter(has_text="CANCELLED")).to_be_visible()
    expect(page.locator(".outcome .state")).to_have_text("AC")
    page.goto("/page/problems/sum")
    expect(page.locator("td[data-label=accepted]").first).not_to_have_text("0")
    page.get_by_role("link", name="Dead letters").click()
    letters = page.locator("article")
    for heading in ["Dead letters", "Rejected messages"]:
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        expect(letters).to_have_count(2)
        picture(page, f"{heading.lower().replace(' ', '-')}-1280")
        letters.first.locator("summary", has_text="Message").click()
        letters.first.get_by_text("Drop …").click()
        letters.first.get_by_role("button", name="Drop it for good").click()
        expect(letters).to_have_count(1)
        letters.first.get_by_role("button", name="Send again").click()
        if heading == "Dead letters":
            expect(letters).to_have_count(0)
            # What was no submission is rejected now.
            page.get_by_role("link", name="rejected ones").click()
            page.wait_for_url("**/page/rejected")
            for _ in range(300):
                if letters.count() == 3:
                    break
                page.reload()
            letters.first.get_by_text("Drop …").click()
            letters.first.get_by_role("button", name="Drop it for good").click()
    page.wait_for_load_state()
    submit("import socket\nsocket.create_connection(('192.0.2.1', 80), 1)", problem={"id": "sum"})
    page.goto("/page/findings?severity=warning")
    expect(page.locator("td[data-label=what]").first).to_be_visible()
    visit.end()


def picture(page, name):
    if PICTURES:
        page.screenshot(path=os.path.join(PICTURES, f"{name}.png"), full_page=True)


with sync_playwright() as playwright:
    # The pages are those of this test, so the browser's own walls can be left out where its user is root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
    globals()[CASE](chromium)
    chromium.close()
print("passed")
