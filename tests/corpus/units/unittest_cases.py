class Queue:
    def __init__(self):
        self.items = []

    def put(self, item):
        self.items.append(item)

    def get(self):
        if not self.items:
            raise IndexError("empty")
        return self.items.pop(0)

    def __len__(self):
        return len(self.items)


def parse(text):
    return int(text)
# tests
import unittest

from solution import Queue, parse


class QueueTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = Queue()

    def setUp(self):
        self.queue = Queue()
        self.addCleanup(lambda: None)

    def test_order(self):
        for item in (1, 2):
            self.queue.put(item)
        self.assertEqual([self.queue.get(), self.queue.get()], [1, 2])

    def test_empty(self):
        with self.assertRaises(IndexError):
            self.queue.get()
        self.assertRaisesRegex(IndexError, "emp", self.queue.get)

    def test_length(self):
        self.assertEqual(len(self.queue), 0)
        self.queue.put("x")
        self.assertEqual(len(self.queue), 1)
        self.assertIsInstance(self.queue, Queue)
        self.assertIsNotNone(self.queue)

    def test_parse(self):
        for text in ("1", "2"):
            with self.subTest(text=text):
                self.assertEqual(parse(text), int(text))

    def test_wrong(self):
        self.assertEqual(parse("3"), 4)

    @unittest.skip("later")
    def test_later(self):
        self.fail()

    @unittest.expectedFailure
    def test_known(self):
        self.assertEqual(parse("1"), 2)

    def test_many_kinds(self):
        self.assertAlmostEqual(parse("1") / 3, 0.3333333, places=5)
        self.assertIn(parse("2"), [1, 2])
        self.assertCountEqual([parse("1"), parse("2")], [2, 1])
        self.assertTrue(parse("1") == 1)
        self.assertDictEqual({"a": parse("1")}, {"a": 1})

    def test_shared_1(self):
        self.shared.put(1)
        self.assertEqual(len(self.shared), 1)

    def test_shared_2(self):
        self.assertEqual(self.shared.get(), 1)


class Setup(unittest.TestCase):
    def setUp(self):
        parse("x")

    def test_is_not_reached(self):
        pass
